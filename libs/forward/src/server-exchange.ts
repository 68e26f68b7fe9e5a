import type { ServerResponse } from "node:http";
import type { ClientConnection } from "./client-connection.ts";
import type { ClientSide, ExchangeUser } from "./client-side.ts";
import type { Answer, Malformation, RawHeaders } from "./door.ts";
import type { InboundRequest } from "./inbound-request.ts";
import type { ListenerState } from "./listener.ts";
import { maxDiscardedBytes, RequestReader, type RequestSink } from "./request-reader.ts";
import type { Watched } from "./sweep.ts";

/** How long a closing connection is read on, so that the client gets the answer before it gets a reset. */
const lingerMs = 2_000;
/** A body up to this size leaves in one string with its head. */
const maxJoinedBytes = 16 * 1024;

/** A request whose framing can't be trusted: its connection ends with the answer. */
const unreadable = { hasBody: true, contentLength: undefined, expectsContinue: false };

/** One request on a `node:http` connection and its response: the client's half of an exchange. */
export class ServerExchange implements ClientSide, Watched, RequestSink {
  earlier: Watched | undefined = undefined;
  later: Watched | undefined = undefined;
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly httpVersion: string;
  readonly hasBody: boolean;
  readonly contentLength: number | undefined;
  /** The body; undefined when there is none. */
  readonly reader: RequestReader | undefined;
  aborted = false;
  headSent = false;
  /** When the whole exchange must be over. */
  limit = Number.POSITIVE_INFINITY;
  private readonly malformed: Malformation | undefined;
  private readonly response: ServerResponse;
  private readonly connection: ClientConnection;
  private readonly state: ListenerState;
  private user: ExchangeUser | undefined = undefined;
  private ended = false;
  private sent = false;
  private closing = false;
  private over = false;

  constructor(request: InboundRequest, response: ServerResponse, connection: ClientConnection, state: ListenerState) {
    const verdict = request.head();
    const head = typeof verdict === "string" ? unreadable : verdict;
    this.malformed = typeof verdict === "string" ? verdict : undefined;
    this.method = request.method as string;
    this.url = request.url as string;
    this.headers = request.rawHeaders;
    this.httpVersion = request.httpVersion;
    this.hasBody = head.hasBody;
    this.contentLength = head.contentLength;
    this.reader = head.hasBody
      ? new RequestReader(request, response, state.sweep, this, head.expectsContinue)
      : undefined;
    this.response = response;
    this.connection = connection;
    this.state = state;
  }

  get remoteAddress(): string {
    return this.connection.remoteAddress;
  }

  /** The client sent its whole request. */
  get requestComplete(): boolean {
    return this.reader === undefined || this.reader.complete;
  }

  /** Its last byte was read from the connection, though perhaps not yet by anybody here. */
  get requestReceived(): boolean {
    return this.reader === undefined || this.reader.received;
  }

  clientCertificate(): Uint8Array | undefined {
    return this.connection.certificate;
  }

  /** Its turn on the connection has come. */
  start(): void {
    if (this.aborted) return;
    this.state.sweep.add(this);
    this.limit = this.after(this.state.maxRequestDurationMs);
    if (this.malformed !== undefined) {
      this.answer(this.state.malformed(this.malformed));
      return;
    }
    try {
      this.state.handle(this);
    } catch (error) {
      this.state.onError?.(error);
      const headers = ["Content-Type", "text/plain; charset=utf-8"];
      if (this.user !== undefined || this.headSent) this.break();
      else this.answer({ status: 500, headers, body: "500 Internal Server Error" });
    }
  }

  /** Takes the client's half over: from here on its events go to the user. */
  attach(user: ExchangeUser): void {
    this.user = user;
  }

  /** The moment `ms` from now on the listener's clock. */
  after(ms: number | undefined): number {
    return this.state.sweep.after(ms);
  }

  answer({ status, headers, body }: Answer): void {
    if (this.aborted || this.headSent || this.over) return;
    this.limit = this.after(this.state.bodyIdleTimeoutMs);
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const framed = [...headers];
    // Without a body the length of the answer to HEAD is not known, and 204 and 304 have none (RFC 9110, 8.6).
    if (status !== 204 && status !== 304 && (bytes !== undefined || this.method !== "HEAD")) {
      framed.push("Content-Length", String(bytes?.byteLength ?? 0));
    }
    const close = !this.requestComplete && !this.reader?.isCheap(this.contentLength);
    if (!this.requestComplete) this.discard();
    this.sendHead(status, framed, close);
    this.end(bytes);
  }

  /**
   * Passes an interim response on. A client of HTTP/1.0 can't read one; one that does not read at all gets no more of
   * them, since a target may send any number and nothing else would bound what is kept for it.
   */
  inform(status: number, headers: string[]): void {
    if (this.httpVersion !== "1.1" || this.headSent || this.aborted) return;
    if (!this.connection.socket.writableNeedDrain) this.response.writeInformation(status, headers);
  }

  /** Hands the head over; it leaves with the first piece of the body. Throws when a header can't be sent. */
  sendHead(status: number, headers: string[], close: boolean): void {
    const last = close || this.state.draining || this.connection.isRetired;
    if (last) headers.push("Connection", "close");
    this.response.writeHead(status, headers);
    this.headSent = true;
    if (last) this.connection.endAfterCurrent();
    if (!close) return;
    this.closing = true;
    // Node closes such a connection right after the response. With request bytes still unread the kernel turns that
    // into a reset, and the client may lose the answer: it is half closed instead, and read on for a while.
    const { socket } = this.connection;
    socket.destroySoon = () => void socket.end();
  }

  flushHead(): void {
    this.response.flushHeaders();
  }

  /** False: wait for `onClientWritable`. */
  write(chunk: Uint8Array): boolean {
    if (this.response.write(chunk)) return true;
    this.response.once("drain", () => this.user?.onClientWritable());
    return false;
  }

  /** Ends the response, cleanly: the client will take it as whole. */
  end(last?: Uint8Array, trailers?: [string, string][]): void {
    if (this.aborted || this.ended) return;
    this.ended = true;
    const { response } = this;
    if (trailers !== undefined) addTrailers(response, trailers);
    if (last === undefined) response.end();
    else if (last.byteLength > maxJoinedBytes) response.end(last);
    else response.end(latin1(last), "latin1");
    if (this.connection.socket.writableLength === 0) this.onSent();
    else response.once("finish", () => this.onSent());
  }

  /** Breaks the connection: whatever the client has of the response, it must not take it for the whole. */
  break(): void {
    const { socket } = this.connection;
    // A body that ends with the connection would look complete after an orderly close. Over TLS, none is orderly
    // without a closing alert, and there is no reset.
    if (this.headSent && this.httpVersion !== "1.1" && !this.connection.encrypted) socket.resetAndDestroy();
    else socket.destroy();
  }

  connectionClosed(): void {
    if (this.aborted) return;
    this.aborted = true;
    if (this.over) return;
    this.over = true;
    this.state.sweep.remove(this);
    const { user } = this;
    this.user = undefined;
    user?.onClientGone();
  }

  tick(now: number): void {
    if (now >= this.limit) {
      if (this.user === undefined || this.reader?.discarding) this.break();
      else this.user.onExpired();
    } else if (this.reader?.isLate(now, this.state)) this.user?.onRequestStalled();
    else this.user?.tick(now);
  }

  onRequestChunk(chunk: Buffer): void {
    const { reader } = this;
    if (!reader?.discarding) this.user?.onRequestChunk(chunk);
    else if (reader.discardedBytes > maxDiscardedBytes && this.ended && !this.closing) this.break();
  }

  onRequestEnd(): void {
    if (!this.reader?.discarding) this.user?.onRequestEnd();
    else if (this.sent) this.leave();
  }

  private onSent(): void {
    if (this.over || this.aborted) return;
    this.sent = true;
    const { user } = this;
    this.user = undefined;
    user?.onResponseSent();
    if (this.requestComplete) this.leave();
    else this.discard();
  }

  private discard(): void {
    this.limit = this.after(lingerMs);
    this.reader?.discard();
  }

  private leave(): void {
    if (this.over) return;
    this.over = true;
    this.state.sweep.remove(this);
    if (this.closing) {
      const { socket } = this.connection;
      Reflect.deleteProperty(socket, "destroySoon");
      socket.destroySoon();
    }
    this.connection.leave();
  }
}

/** A trailer that can't be written is worth less than the response that came before it. */
function addTrailers(response: ServerResponse, trailers: [string, string][]): void {
  try {
    response.addTrailers(trailers);
  } catch {}
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
