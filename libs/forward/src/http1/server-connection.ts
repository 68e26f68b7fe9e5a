import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { ClientIdentity } from "../client-identity.ts";
import type { Malformation, RawHeaders } from "../door.ts";
import type { Ending, HttpStream, HttpStreamUser } from "../http-stream.ts";
import { hangUp } from "../last-answer.ts";
import type { RequestHead } from "../request-head.ts";
import type { Sweep, Watched } from "../sweep.ts";
import { takenBytes } from "../taken-bytes.ts";
import { responseHead } from "./encode-head.ts";
import { IncomingRequests, type RequestTaker } from "./incoming-requests.ts";
import { readAsStream, readWith } from "./read-buffer.ts";
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

/**
 * One accepted HTTP/1.1 connection: its requests one at a time and in order, each with its response. What a client sends
 * ahead (pipelining) waits unparsed, so that answers leave in order and nothing runs that should not.
 */
export class ServerConnection implements HttpStream, RequestTaker, Watched {
  earlier: Watched | undefined = undefined;
  later: Watched | undefined = undefined;
  readonly socket: Socket;
  readonly keepsPieces = false;
  private readonly options: ServerConnectionOptions;
  private readonly requests: IncomingRequests;
  private readonly response: ResponseWriter;
  private readonly identity: ClientIdentity;
  /** The answer that comes next is the last one. */
  private isMarked = false;
  /** Something of the next request has come, or the first one is owed. */
  private hasBegun = true;
  private isFresh = true;
  private isTunnel = false;
  private lingers = false;
  /** The response to the request that is under way was handed over as a whole. */
  isAnswered = false;
  /** When an unused connection, or one with half a head, ends. */
  private limit: number;

  constructor(socket: Socket, options: ServerConnectionOptions) {
    this.socket = socket;
    this.options = options;
    this.identity = new ClientIdentity(socket);
    this.requests = new IncomingRequests(socket, this, options.maxHeaderBytes, options.upgrades);
    this.response = new ResponseWriter(socket, options.keepAliveTimeoutMs);
    // A client that connects owes a request; one that had an answer may take its time.
    this.limit = options.idle.after(options.headersTimeoutMs);
    options.idle.add(this);
    readWith(socket, this.requests);
    socket.on("end", () => this.onEnd());
    socket.on("error", () => undefined);
    socket.on("close", () => this.onClose());
  }

  // The request.

  onRequestBegin(): void {
    this.isFresh = false;
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.limit = this.options.idle.after(this.options.headersTimeoutMs);
  }

  onRequest(): void {
    this.options.idle.remove(this);
    this.options.onRequest(this);
  }

  onMalformed(error: { code: string; reason: string }): void {
    this.options.onMalformed(this, error);
  }

  get method(): string {
    return this.requests.method;
  }

  get url(): string {
    return this.requests.url;
  }

  get headers(): RawHeaders {
    return this.requests.headers;
  }

  get httpVersion(): string {
    return this.requests.httpVersion;
  }

  get framing(): RequestHead | Malformation {
    return this.requests.framing;
  }

  get upgrade(): string | undefined {
    return this.requests.upgrade;
  }

  get isReceived(): boolean {
    return this.requests.isReceived;
  }

  // What the exchange does.

  attach(user: HttpStreamUser): void {
    const { requests } = this;
    requests.user = user;
    this.isAnswered = false;
    this.response.begin(user, requests.method, requests.httpVersion, requests.keepAlive);
  }

  get remoteAddress(): string {
    return this.identity.address;
  }

  get certificate(): Uint8Array | undefined {
    return this.identity.certificate;
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
    this.requests.readBody();
  }

  pauseBody(): void {
    this.requests.pauseBody();
  }

  askForBody(): void {
    if (!this.response.headSent) this.socket.write("HTTP/1.1 100 Continue\r\n\r\n", "latin1");
  }

  inform(status: number, headers: string[]): void {
    this.response.inform(status, headers);
  }

  startResponse(status: number, headers: string[], ending: Ending): void {
    this.lingers = ending === "linger";
    this.response.start(status, headers, ending !== "keep");
  }

  flush(): void {
    this.response.flush();
  }

  write(piece: Uint8Array): boolean {
    return this.response.write(asBuffer(piece));
  }

  end(last: Uint8Array | undefined, trailers: [string, string][] | undefined): void {
    this.isAnswered = true;
    const isSent = this.response.end(last === undefined ? undefined : asBuffer(last), trailers?.flat());
    // What the client still sends is read, so that it gets the answer before it gets a reset.
    if (this.response.isLast) this.socket.end();
    if (isSent) this.requests.user?.onSent();
  }

  switchProtocols(headers: string[]): Socket {
    const { socket, requests } = this;
    socket.write(`${responseHead(101, headers)}\r\n`, "latin1");
    this.isTunnel = true;
    readAsStream(socket, requests.stop());
    requests.readOn();
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
    const { requests, options } = this;
    requests.user = undefined;
    this.isAnswered = false;
    this.hasBegun = false;
    const isUnwanted = options.isDraining() && !requests.hasMore;
    if (this.response.isLast || this.isRetired || isUnwanted) {
      requests.isOver = true;
      // Bytes that nobody reads would turn the end into a reset, which takes the answer away (RFC 9112, 9.6).
      if (this.lingers || requests.hasMore) hangUp(this.socket);
      else this.socket.destroySoon();
      return;
    }
    this.limit = options.idle.after(options.keepAliveTimeoutMs);
    options.idle.add(this);
    // In a tick of its own: a thousand requests that are answered at once must not become a thousand nested calls.
    if (requests.hasMore) process.nextTick(next, requests);
    else requests.readOn();
  }

  /** The listener closes: whoever asks for nothing has to go, whoever does learns it from the answer. */
  drain(): void {
    if (this.owesNothing && !this.requests.hasMore) this.socket.destroy();
  }

  /** Not a byte of a request has come, or none of another one. */
  private get owesNothing(): boolean {
    return this.requests.user === undefined && (this.isFresh || !this.hasBegun);
  }

  /** Answers say it for themselves. */
  announceEnd(): void {}

  /** Ends as soon as nothing is under way. */
  retire(): void {
    this.isMarked = true;
    // An upgraded connection has no next answer.
    if (this.requests.user === undefined || this.isTunnel) this.socket.destroy();
  }

  // The end.

  tick(now: number): void {
    if (now < this.limit) return;
    if (this.hasBegun) this.options.onMalformed(this, { code: "ERR_HTTP_REQUEST_TIMEOUT", reason: "" });
    else this.socket.destroy();
  }

  /** Says a last word, whatever was under way, and reads nothing more as a request. False: it can't be said any more. */
  refuse(): boolean {
    const { requests } = this;
    const { user } = requests;
    const isPossible = user === undefined || !this.response.headSent;
    requests.stop();
    this.options.idle.remove(this);
    requests.user = undefined;
    user?.onClosed();
    return isPossible && this.socket.writable;
  }

  /** The client has sent all that it will: as with Node's and Go's servers it does not wait for an answer then. */
  private onEnd(): void {
    const { requests } = this;
    if (requests.isOver) return;
    // In the middle of a request, which therefore is none (RFC 9112, 8); or behind one, or where none was begun.
    const isWhole = requests.user === undefined ? this.owesNothing : requests.isReceived;
    if (isWhole) this.socket.end();
    else this.onMalformed({ code: "HPE_INVALID_EOF_STATE", reason: "" });
  }

  private onClose(): void {
    const { requests, options } = this;
    options.idle.remove(this);
    requests.close();
    const { user } = requests;
    requests.user = undefined;
    user?.onClosed();
    options.onClosed(this);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function next(requests: IncomingRequests): void {
  requests.next();
}
