import type { Socket } from "node:net";
import type { Malformation, RawHeaders } from "../door.ts";
import { type RequestHead, readRequestHead } from "../request-head.ts";
import type { Sweep, Watched } from "../sweep.ts";
import { type BodyRule, MessageParser, type MessageSink } from "./message-parser.ts";
import { LongBody, longBodyBytes, type SocketReader, setReader } from "./read-buffer.ts";
import { type ResponseUser, ResponseWriter } from "./response-writer.ts";

/** The exchange that a connection works for. */
export interface RequestUser extends ResponseUser {
  onRequestChunk(piece: Buffer): void;
  onRequestEnd(): void;
  onConnectionClosed(): void;
}

/** What the connections of a listener share. */
export interface ServerConnectionOptions {
  readonly maxHeaderBytes: number;
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** Watches connections on which no exchange is under way. */
  readonly idle: Sweep;
  /** A request is there; takes the connection with `serve`, and its body when it wants it. */
  onRequest(connection: ServerConnection): void;
  /** What came is no request, or came too slowly. `code` is that of Node's own server. */
  onMalformed(connection: ServerConnection, error: { code: string; reason: string }): void;
  onClosed(connection: ServerConnection): void;
}

/** What a client sends ahead of its turn is kept up to this; above it the connection is not read. */
const maxAheadBytes = 64 * 1024;
const none: readonly string[] = [];

/**
 * One accepted HTTP/1.1 connection: its requests one at a time and in order, each with its response. What a client sends
 * ahead (pipelining) waits unparsed, so that answers leave in order and nothing runs that should not.
 */
export class ServerConnection implements MessageSink, SocketReader, Watched {
  earlier: Watched | undefined = undefined;
  later: Watched | undefined = undefined;
  nextBuffer: Buffer | undefined = undefined;
  readonly socket: Socket;
  readonly response: ResponseWriter;
  method = "";
  url = "";
  headers: RawHeaders = none;
  httpVersion = "1.1";
  /** How the request is framed, or what is wrong with it. */
  head: RequestHead | Malformation = "bad_request";
  /** The last byte of the request was read. */
  isReceived = true;
  private readonly options: ServerConnectionOptions;
  private readonly parser: MessageParser;
  private readonly longBody: LongBody = new LongBody(this);
  private user: RequestUser | undefined = undefined;
  /** Bytes that are not parsed yet. */
  private ahead: Buffer | undefined = undefined;
  private isParsing = false;
  private isReading = true;
  private hasBegun = false;
  private bodyIsWanted = false;
  private bodyIsPaused = false;
  private isOver = false;
  /** When an unused connection, or one with half a head, ends. */
  private limit: number;

  constructor(socket: Socket, options: ServerConnectionOptions) {
    this.socket = socket;
    this.options = options;
    this.parser = new MessageParser("request", this, options.maxHeaderBytes);
    this.response = new ResponseWriter(socket, options.keepAliveTimeoutMs);
    // A client that connects owes a request; one that had an answer may take its time.
    this.limit = options.idle.after(options.headersTimeoutMs);
    this.hasBegun = true;
    options.idle.add(this);
    setReader(socket, this);
    socket.on("end", () => this.onEnd());
    socket.on("error", () => undefined);
    socket.on("close", () => this.onClose());
    socket.resume();
  }

  // Reading.

  onBytes(bytes: Buffer): boolean {
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
    return this.user === undefined || (!this.isReceived && this.bodyIsWanted);
  }

  private react(): void {
    switch (this.parser.stop) {
      case "none":
        return;
      case "head":
        this.begin(false);
        return;
      case "error":
        this.options.onMalformed(this, { code: this.parser.errorCode, reason: this.parser.errorReason });
        return;
      default:
        // An upgrade that nobody makes: what follows is the next request, as it would be without the field.
        if (this.parser.stop === "upgrade") this.parser.resumeAfterUpgrade();
        if (this.user === undefined) this.begin(true);
        else {
          this.isReceived = true;
          this.longBody.end(!this.bodyIsPaused);
          this.user.onRequestEnd();
        }
    }
  }

  private begin(isReceived: boolean): void {
    this.options.idle.remove(this);
    this.isReceived = isReceived;
    this.bodyIsWanted = false;
    this.bodyIsPaused = false;
    this.options.onRequest(this);
  }

  onMessageBegin(): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.limit = this.options.idle.after(this.options.headersTimeoutMs);
  }

  onHead(parser: MessageParser): BodyRule {
    this.method = parser.method;
    this.url = parser.url;
    this.headers = parser.headers;
    this.httpVersion = `${parser.majorVersion}.${parser.minorVersion}`;
    this.head = readRequestHead(parser.headers, this.httpVersion);
    if (typeof this.head === "string") {
      // How it goes on can't be known; the connection ends with the answer.
      parser.stopsAtHead = true;
    } else if (this.head.hasBody) {
      parser.stopsAtHead = true;
      parser.bodyLeft = this.head.contentLength ?? 0;
    }
    return 0;
  }

  onBody(piece: Buffer): void {
    this.user?.onRequestChunk(piece);
  }

  onMessageEnd(): void {}

  // What the exchange does.

  /** Takes the connection for the request that it has just read. */
  serve(user: RequestUser): void {
    this.user = user;
    this.response.begin(user, this.method, this.httpVersion, this.parser.keepAlive);
  }

  readBody(): void {
    this.bodyIsWanted = true;
    this.bodyIsPaused = false;
    if (typeof this.head !== "string" && (this.head.contentLength ?? longBodyBytes) >= longBodyBytes) {
      this.longBody.begin();
    }
    this.parse();
    this.readOn();
  }

  pauseBody(): void {
    this.bodyIsPaused = true;
    this.stopReading();
  }

  askForBody(): void {
    if (!this.response.headSent) this.socket.write("HTTP/1.1 100 Continue\r\n\r\n", "latin1");
  }

  /** The exchange is over. `mayGoOn` is false when what follows can't be told from its request. */
  leave(): void {
    this.user = undefined;
    this.hasBegun = false;
    if (this.response.isLast) {
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
    this.parse();
    this.readOn();
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

  /** Nothing that comes is read as a request any more. */
  end(): void {
    this.isOver = true;
    this.options.idle.remove(this);
  }

  private onEnd(): void {
    if (this.isOver) return;
    if (this.user === undefined && this.ahead === undefined) {
      const isClean = this.parser.finish();
      if (isClean) this.socket.end();
      else this.options.onMalformed(this, { code: this.parser.errorCode, reason: this.parser.errorReason });
    }
  }

  private onClose(): void {
    this.isOver = true;
    this.options.idle.remove(this);
    this.parser.free();
    const { user } = this;
    this.user = undefined;
    user?.onConnectionClosed();
    this.options.onClosed(this);
  }
}

function next(connection: ServerConnection): void {
  connection.next();
}
