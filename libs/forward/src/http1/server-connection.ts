import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { plainAddress } from "../client-connection.ts";
import type { Malformation, RawHeaders } from "../door.ts";
import type { Ending, HttpStream, HttpStreamUser } from "../http-stream.ts";
import { type RequestHead, readRequestHead } from "../request-head.ts";
import type { Sweep, Watched } from "../sweep.ts";
import { takenBytes } from "../taken-bytes.ts";
import { wantedUpgrade } from "../upgrade.ts";
import { responseHead } from "./encode-head.ts";
import { type BodyRule, MessageParser, type MessageSink } from "./message-parser.ts";
import { LongBody, readAsStream, readWith, type SocketReader } from "./read-buffer.ts";
import { ResponseWriter } from "./response-writer.ts";

/** What the connections of a listener share. */
export interface ServerConnectionOptions {
  readonly maxHeaderBytes: number;
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly upgrades: boolean;
  /** Watches connections on which no exchange is under way. */
  readonly idle: Sweep;
  /** The listener takes no further requests than those that have begun. */
  isDraining(): boolean;
  /** A request is there: somebody attaches to it, and takes its body when it wants it. */
  onRequest(connection: ServerConnection): void;
  /** What came is no request, or came too slowly: the connection ends. `code` is that of Node's own server. */
  onMalformed(connection: ServerConnection, error: { code: string; reason: string }): void;
  onClosed(connection: ServerConnection): void;
}

/** What a client sends ahead of its turn is kept up to this; above it the connection is not read. */
const maxAheadBytes = 64 * 1024;
/** So many requests of one connection are begun before all others have their turn. */
const maxRequestsPerTurn = 16;
const none: readonly string[] = [];

/**
 * One accepted HTTP/1.1 connection: its requests one at a time and in order, each with its response. What a client sends
 * ahead (pipelining) waits unparsed, so that answers leave in order and nothing runs that should not.
 */
export class ServerConnection implements HttpStream, MessageSink, SocketReader, Watched {
  earlier: Watched | undefined = undefined;
  later: Watched | undefined = undefined;
  nextBuffer: Buffer | undefined = undefined;
  ownsReads = false;
  readonly socket: Socket;
  readonly keepsPieces = false;
  method = "";
  url = "";
  headers: RawHeaders = none;
  httpVersion = "1.1";
  /** How the request is framed, or what is wrong with it. */
  framing: RequestHead | Malformation = "bad_request";
  /** The last byte of the request was read. */
  isReceived = true;
  upgrade: string | undefined = undefined;
  private isMarked = false;
  private readonly options: ServerConnectionOptions;
  private readonly parser: MessageParser;
  private readonly longBody: LongBody = new LongBody(this);
  private readonly response: ResponseWriter;
  private user: HttpStreamUser | undefined = undefined;
  /** Bytes that are not parsed yet. */
  private ahead: Buffer | undefined = undefined;
  private isParsing = false;
  private isReading = true;
  /** Something of the next request has come, or the first one is owed. */
  private hasBegun = true;
  private isFresh = true;
  private address: string | undefined = undefined;
  private certificateBytes: Uint8Array | undefined = undefined;
  private certificateIsRead = false;
  private bodyIsWanted = false;
  private bodyIsPaused = false;
  private isOver = false;
  private isTunnel = false;
  private isPipelined = false;
  private begunInTurn = 0;
  /** It has had its turn, and waits for the next one. */
  private isDeferred = false;
  /** When an unused connection, or one with half a head, ends. */
  private limit: number;

  constructor(socket: Socket, options: ServerConnectionOptions) {
    this.socket = socket;
    this.options = options;
    this.parser = new MessageParser("request", this, options.maxHeaderBytes);
    this.response = new ResponseWriter(socket, options.keepAliveTimeoutMs);
    // A client that connects owes a request; one that had an answer may take its time.
    this.limit = options.idle.after(options.headersTimeoutMs);
    options.idle.add(this);
    readWith(socket, this);
    socket.on("end", () => this.onEnd());
    socket.on("error", () => undefined);
    socket.on("close", () => this.onClose());
  }

  // Reading.

  onBytes(bytes: Buffer): boolean {
    if (this.isOver) return true;
    if (!this.isDeferred) this.begunInTurn = 0;
    this.ahead = this.ahead === undefined ? bytes : Buffer.concat([this.ahead, bytes]);
    this.parse();
    const { ahead } = this;
    // The next read goes into the same memory, perhaps another connection's.
    if (ahead !== undefined && ahead.buffer === bytes.buffer) this.ahead = Buffer.from(ahead);
    this.isReading = this.wantsBytes();
    return this.isReading;
  }

  /** Only reading tells that a client is gone, so it goes on whenever there is room. */
  private wantsBytes(): boolean {
    // Behind the last answer, for nobody: so that the client gets to it.
    if (this.isOver) return true;
    if (this.user !== undefined && !this.isReceived) return this.bodyIsWanted && !this.bodyIsPaused;
    return (this.ahead?.length ?? 0) < maxAheadBytes;
  }

  private parse(): void {
    // Somebody wants the body while its head is handed on: the loop below goes on by itself.
    if (this.isParsing) return;
    this.isParsing = true;
    while (this.ahead !== undefined && this.mayParse()) {
      const bytes: Buffer = this.ahead;
      const taken = this.parser.execute(bytes);
      this.ahead = taken < bytes.length ? bytes.subarray(taken) : undefined;
      this.react();
    }
    this.isParsing = false;
  }

  private mayParse(): boolean {
    if (this.isOver || this.socket.destroyed) return false;
    if (this.user === undefined && this.begunInTurn >= maxRequestsPerTurn) {
      this.defer();
      return false;
    }
    return this.user === undefined || (!this.isReceived && this.bodyIsWanted && !this.bodyIsPaused);
  }

  private defer(): void {
    if (this.isDeferred) return;
    this.isDeferred = true;
    setImmediate(() => {
      this.isDeferred = false;
      this.begunInTurn = 0;
      this.next();
    });
  }

  private react(): void {
    switch (this.parser.stop) {
      case "none":
      case "body":
        return;
      case "head":
        this.begin(false);
        return;
      case "error":
        this.options.onMalformed(this, { code: this.parser.errorCode, reason: this.parser.errorReason });
        return;
      default:
        if (this.user === undefined) this.begin(true);
        else {
          this.isReceived = true;
          this.parser.isPaused = false;
          this.longBody.end(!this.bodyIsPaused);
          this.user.onRequestEnd();
        }
    }
  }

  private begin(isReceived: boolean): void {
    this.options.idle.remove(this);
    this.begunInTurn += 1;
    this.isReceived = isReceived;
    if (!isReceived && typeof this.framing !== "string") this.longBody.expect(this.framing.contentLength);
    // Sent before the answers to other requests were known: an ordinary request.
    if (this.isPipelined) this.upgrade = undefined;
    this.bodyIsWanted = false;
    this.bodyIsPaused = false;
    this.options.onRequest(this);
  }

  onMessageBegin(): void {
    this.isFresh = false;
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.limit = this.options.idle.after(this.options.headersTimeoutMs);
  }

  onHead(parser: MessageParser): BodyRule {
    this.method = parser.method;
    this.url = parser.url;
    this.headers = parser.headers;
    this.httpVersion = `${parser.majorVersion}.${parser.minorVersion}`;
    this.framing = readRequestHead(parser.headers, this.httpVersion);
    this.upgrade = this.mayUpgrade(parser) ? wantedUpgrade(parser.headers) : undefined;
    // It asks for a tunnel, and this is no forward proxy.
    if (parser.method === "CONNECT") this.framing = "bad_request";
    if (typeof this.framing === "string") {
      // How it goes on can't be known; the connection ends with the answer.
      parser.stopsAtHead = true;
    } else if (this.framing.hasBody) {
      parser.stopsAtHead = true;
      parser.bodyLeft = this.framing.contentLength ?? 0;
    }
    return 0;
  }

  /** Whoever asks with a body, or has asked for more already, gets an ordinary answer. */
  private mayUpgrade(parser: MessageParser): boolean {
    const isPlain = typeof this.framing === "object" && !this.framing.hasBody && this.httpVersion === "1.1";
    return parser.upgrade && isPlain && this.options.upgrades && parser.method !== "CONNECT";
  }

  onBody(piece: Buffer): void {
    this.longBody.saw(piece.length);
    this.user?.onRequestChunk(piece);
  }

  onMessageEnd(): void {}

  // What the exchange does.

  attach(user: HttpStreamUser): void {
    this.user = user;
    this.response.begin(user, this.method, this.httpVersion, this.parser.keepAlive);
  }

  get remoteAddress(): string {
    this.address ??= plainAddress(this.socket.remoteAddress ?? "");
    return this.address;
  }

  /** Read once per connection: looking it up costs a native call and a parse. */
  get certificate(): Uint8Array | undefined {
    if (!this.certificateIsRead) {
      this.certificateIsRead = true;
      const socket = this.socket as TLSSocket;
      if (socket.encrypted && socket.authorized) this.certificateBytes = socket.getPeerX509Certificate()?.raw;
    }
    return this.certificateBytes;
  }

  /** Any other answer to an upgrade is the last one, as it is with Node. */
  get isRetired(): boolean {
    return this.isMarked || this.upgrade !== undefined;
  }

  get isWaiting(): boolean {
    return this.socket.writableLength > 0;
  }

  get takenBytes(): number {
    return takenBytes(this.socket);
  }

  get isBackedUp(): boolean {
    return this.socket.writableNeedDrain;
  }

  readBody(): void {
    this.bodyIsWanted = true;
    this.bodyIsPaused = false;
    this.parser.isPaused = false;
    if (this.isReceived) return;
    this.parse();
    this.readOn();
  }

  pauseBody(): void {
    this.bodyIsPaused = true;
    if (this.isReceived) return;
    this.parser.isPaused = true;
    this.stopReading();
  }

  askForBody(): void {
    if (!this.response.headSent) this.socket.write("HTTP/1.1 100 Continue\r\n\r\n", "latin1");
  }

  inform(status: number, headers: string[]): void {
    this.response.inform(status, headers);
  }

  startResponse(status: number, headers: string[], ending: Ending): void {
    this.response.start(status, headers, ending !== "keep");
  }

  flush(): void {
    this.response.flush();
  }

  write(piece: Uint8Array): boolean {
    return this.response.write(asBuffer(piece));
  }

  end(last: Uint8Array | undefined, trailers: [string, string][] | undefined): void {
    const isSent = this.response.end(last === undefined ? undefined : asBuffer(last), trailers?.flat());
    // What the client still sends is read, so that it gets the answer before it gets a reset.
    if (this.response.isLast) this.socket.end();
    if (isSent) this.user?.onSent();
  }

  switchProtocols(headers: string[]): Socket {
    const { socket, ahead } = this;
    socket.write(`${responseHead(101, headers)}\r\n`, "latin1");
    this.isOver = true;
    this.isTunnel = true;
    this.ahead = undefined;
    readAsStream(socket, ahead);
    this.readOn();
    return socket;
  }

  breakOff(): void {
    const { socket } = this;
    // What is known of the response is worth knowing: its head, when it still waits for its body.
    this.response.flush();
    // A body that ends with the connection would look complete after an orderly close. Over TLS, none is orderly
    // without a closing alert, and there is no reset.
    const isPlain = (socket as TLSSocket).encrypted !== true;
    if (this.response.headSent && this.httpVersion !== "1.1" && isPlain) socket.resetAndDestroy();
    else socket.destroy();
  }

  leave(): void {
    this.user = undefined;
    this.hasBegun = false;
    const isUnwanted = this.options.isDraining() && this.ahead === undefined;
    if (this.response.isLast || this.isRetired || isUnwanted) {
      this.isOver = true;
      this.socket.destroySoon();
      return;
    }
    this.limit = this.options.idle.after(this.options.keepAliveTimeoutMs);
    this.options.idle.add(this);
    // In a tick of its own: a thousand requests that are answered at once must not become a thousand nested calls.
    if (this.ahead !== undefined) process.nextTick(next, this);
    else this.readOn();
  }

  /** Goes on with what was sent ahead. */
  next(): void {
    this.isPipelined = true;
    this.parse();
    this.isPipelined = false;
    this.readOn();
  }

  /** The listener closes: whoever asks for nothing has to go, whoever does learns it from the answer. */
  drain(): void {
    // Not a byte of a request has come, or none of another one.
    const isUnused = this.user === undefined && (this.isFresh || !this.hasBegun) && this.ahead === undefined;
    if (isUnused) this.socket.destroy();
  }

  /** Answers say it for themselves. */
  announceEnd(): void {}

  /** Ends as soon as nothing is under way. */
  retire(): void {
    this.isMarked = true;
    // An upgraded connection has no next answer.
    if (this.user === undefined || this.isTunnel) this.socket.destroy();
  }

  private readOn(): void {
    if (this.isReading || this.isParsing || this.socket.destroyed || !this.wantsBytes()) return;
    this.isReading = true;
    this.socket.resume();
  }

  private stopReading(): void {
    // While bytes are being read, the end of that says so.
    if (this.isParsing || !this.isReading) return;
    this.isReading = false;
    this.socket.pause();
  }

  // The end.

  tick(now: number): void {
    if (now < this.limit) return;
    if (this.hasBegun) this.options.onMalformed(this, { code: "ERR_HTTP_REQUEST_TIMEOUT", reason: "" });
    else this.socket.destroy();
  }

  /** Says a last word, whatever was under way, and reads nothing more as a request. False: it can't be said any more. */
  refuse(): boolean {
    const { user } = this;
    const isPossible = user === undefined || !this.response.headSent;
    this.isOver = true;
    this.ahead = undefined;
    this.options.idle.remove(this);
    this.user = undefined;
    user?.onClosed();
    return isPossible && this.socket.writable;
  }

  /** The client has sent all that it will: as with Node's and Go's servers it does not wait for an answer then. */
  private onEnd(): void {
    if (this.isOver) return;
    // In the middle of a request, which therefore is none (RFC 9112, 8); or behind one, or where none was begun.
    const isWhole = this.user === undefined ? this.isFresh || !this.hasBegun : this.isReceived;
    if (isWhole) this.socket.end();
    else this.options.onMalformed(this, { code: "HPE_INVALID_EOF_STATE", reason: "" });
  }

  private onClose(): void {
    this.isOver = true;
    this.options.idle.remove(this);
    this.parser.free();
    // A body that broke off gives its memory back as well.
    this.longBody.end(false);
    const { user } = this;
    this.user = undefined;
    user?.onClosed();
    this.options.onClosed(this);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function next(connection: ServerConnection): void {
  connection.next();
}
