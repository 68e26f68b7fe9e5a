import type { Socket } from "node:net";
import type { ClientSide, ExchangeUser } from "./client-side.ts";
import type { Answer, Malformation, RawHeaders } from "./door.ts";
import type { HttpStream, HttpStreamUser } from "./http-stream.ts";
import type { ListenerState } from "./listener-state.ts";
import { maxDiscardedBytes, RequestReader, type RequestSink } from "./request-reader.ts";
import type { Watched } from "./sweep.ts";

/** How long a closing connection is read on, so that the client gets the answer before it gets a reset. */
const lingerMs = 2_000;

/** A request whose framing can't be trusted: its connection ends with the answer. */
const unreadable = { hasBody: true, contentLength: undefined, expectsContinue: false };

/** One request on a connection and its response: the client's half of an exchange. */
export class ServerExchange implements ClientSide, Watched, RequestSink, HttpStreamUser {
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
  readonly upgrade: string | undefined;
  aborted = false;
  headSent = false;
  /** When the whole exchange must be over. */
  limit = Number.POSITIVE_INFINITY;
  private readonly malformed: Malformation | undefined;
  private readonly stream: HttpStream;
  private readonly state: ListenerState;
  private user: ExchangeUser | undefined = undefined;
  private ended = false;
  private sent = false;
  private lingers = false;
  private over = false;
  private isTunnel = false;
  /** When the client last took something of its response, and how much it had then. */
  private takenAt = 0;
  private taken = -1;

  constructor(stream: HttpStream, state: ListenerState) {
    const { framing } = stream;
    const head = typeof framing === "string" ? unreadable : framing;
    this.malformed = typeof framing === "string" ? framing : undefined;
    this.method = stream.method;
    this.url = stream.url;
    this.headers = stream.headers;
    this.httpVersion = stream.httpVersion;
    this.upgrade = stream.upgrade;
    this.hasBody = head.hasBody;
    this.contentLength = head.contentLength;
    this.reader = head.hasBody ? new RequestReader(stream, state.sweep, head.expectsContinue) : undefined;
    this.stream = stream;
    this.state = state;
    stream.attach(this);
  }

  get remoteAddress(): string {
    return this.stream.remoteAddress;
  }

  /** The client sent its whole request. */
  get requestComplete(): boolean {
    return this.reader === undefined || this.reader.complete;
  }

  /** Its last byte was read from the connection, though perhaps not yet by anybody here. */
  get requestReceived(): boolean {
    return this.reader === undefined || this.reader.received;
  }

  get keepsPieces(): boolean {
    return this.stream.keepsPieces;
  }

  /** All of its response was handed over. */
  get isAnswered(): boolean {
    return this.ended;
  }

  clientCertificate(): Uint8Array | undefined {
    return this.stream.certificate;
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
    if (!this.stream.isBackedUp) this.stream.inform(status, headers);
  }

  /** Hands the head over; it leaves with the first piece of the body. Throws when a header can't be sent. */
  sendHead(status: number, headers: string[], close: boolean): void {
    const isLast = this.state.ending || this.stream.isRetired;
    this.stream.startResponse(status, headers, close ? "linger" : isLast ? "close" : "keep");
    this.headSent = true;
    this.lingers = close;
  }

  flushHead(): void {
    this.stream.flush();
  }

  switchProtocols(headers: string[]): Socket {
    const socket = this.stream.switchProtocols(headers);
    this.headSent = true;
    this.isTunnel = true;
    this.limit = Number.POSITIVE_INFINITY;
    return socket;
  }

  tunnelClosed(): void {
    this.user = undefined;
    this.over = true;
    this.state.sweep.remove(this);
  }

  /** False: wait for `onClientWritable`. */
  write(chunk: Uint8Array): boolean {
    return this.stream.write(chunk);
  }

  /** Ends the response, cleanly: the client will take it as whole. */
  end(last?: Uint8Array, trailers?: [string, string][]): void {
    if (this.aborted || this.ended) return;
    this.ended = true;
    this.stream.end(last, trailers);
  }

  /** Breaks the connection: whatever the client has of the response, it must not take it for the whole. */
  break(): void {
    this.stream.breakOff();
  }

  onClosed(): void {
    if (this.aborted) return;
    this.aborted = true;
    if (this.over) return;
    if (this.isTunnel) {
      // It stays in flight until its other half is closed too.
      this.user?.onClientGone();
      return;
    }
    this.over = true;
    this.state.sweep.remove(this);
    const { user } = this;
    this.user = undefined;
    user?.onClientGone();
  }

  tick(now: number): void {
    if (this.headSent && this.isStalled(now)) this.break();
    else if (now >= this.limit) {
      if (this.user === undefined || this.reader?.discarding) this.break();
      else this.user.onExpired();
    } else if (this.reader?.isLate(now, this.state)) this.user?.onRequestStalled();
    else this.user?.tick(now);
  }

  onRequestChunk(chunk: Buffer): void {
    const { reader } = this;
    reader?.onChunk(chunk);
    if (!reader?.discarding) this.user?.onRequestChunk(chunk);
    else if (reader.discardedBytes > maxDiscardedBytes && this.ended && !this.lingers) this.break();
  }

  onRequestEnd(): void {
    if (this.reader !== undefined) this.reader.complete = true;
    if (!this.reader?.discarding) this.user?.onRequestEnd();
    else if (this.sent) this.leave();
  }

  onWritable(): void {
    this.user?.onClientWritable();
  }

  onSent(): void {
    if (this.over || this.aborted) return;
    this.sent = true;
    const { user } = this;
    this.user = undefined;
    user?.onResponseSent();
    if (this.requestComplete) this.leave();
    else this.discard();
  }

  /** Its response waits for a client that takes nothing. */
  private isStalled(now: number): boolean {
    const { stream, state } = this;
    if (state.responseIdleTimeoutMs <= 0 || !stream.isWaiting || this.isTunnel) {
      this.taken = -1;
      return false;
    }
    const taken = stream.takenBytes;
    if (taken === this.taken) return now - this.takenAt >= state.responseIdleTimeoutMs;
    this.taken = taken;
    this.takenAt = now;
    return false;
  }

  private discard(): void {
    this.limit = this.after(lingerMs);
    this.reader?.discard();
  }

  private leave(): void {
    if (this.over) return;
    this.over = true;
    this.state.sweep.remove(this);
    this.stream.leave();
  }
}
