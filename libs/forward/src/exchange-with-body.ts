import type { Socket } from "node:net";
import type { BodyReader, ClientSide, ExchangeUser } from "./client-side.ts";
import type { Answer, Exchange, RawHeaders } from "./door.ts";

const pieceBytes = 64 * 1024;

/** The exchange with a body that is in memory: the client's, which was read before, or what takes its place. */
export function withBody(exchange: Exchange, body: Buffer): Exchange {
  return new ExchangeWithBody(exchange as ClientSide, body);
}

class ExchangeWithBody implements ClientSide, BodyReader {
  readonly contentLength: number;
  /** Nobody is waited for. */
  idleTimeoutMs: number | undefined = undefined;
  private readonly client: ClientSide;
  private readonly body: Buffer;
  private user: ExchangeUser | undefined = undefined;
  private taken = 0;
  private isEnded = false;
  private isReading = false;
  private isWaiting = false;

  constructor(client: ClientSide, body: Buffer) {
    this.client = client;
    this.body = body;
    this.contentLength = body.length;
  }

  get reader(): BodyReader | undefined {
    return this.body.length === 0 ? undefined : this;
  }

  read(): void {
    this.isReading = true;
    if (this.isWaiting) return;
    this.isWaiting = true;
    // Not within the call: whoever reads from a connection is not called back at once either.
    process.nextTick(give, this);
  }

  pause(): void {
    this.isReading = false;
  }

  give(): void {
    this.isWaiting = false;
    const { body, client } = this;
    while (this.isReading && this.taken < body.length && !client.aborted) {
      const piece = body.subarray(this.taken, this.taken + pieceBytes);
      this.taken += piece.length;
      this.user?.onRequestChunk(piece);
    }
    if (this.isEnded || this.taken < body.length || client.aborted) return;
    this.isEnded = true;
    this.user?.onRequestEnd();
  }

  attach(user: ExchangeUser): void {
    this.user = user;
    this.client.attach(user);
  }

  get method(): string {
    return this.client.method;
  }
  get url(): string {
    return this.client.url;
  }
  get headers(): RawHeaders {
    return this.client.headers;
  }
  get httpVersion(): string {
    return this.client.httpVersion;
  }
  get remoteAddress(): string {
    return this.client.remoteAddress;
  }
  get hasBody(): boolean {
    return this.body.length > 0;
  }
  get upgrade(): string | undefined {
    return this.client.upgrade;
  }
  get aborted(): boolean {
    return this.client.aborted;
  }
  get keepsPieces(): boolean {
    return this.client.keepsPieces;
  }
  get headSent(): boolean {
    return this.client.headSent;
  }
  get requestComplete(): boolean {
    return this.client.requestComplete;
  }
  get limit(): number {
    return this.client.limit;
  }
  set limit(limit: number) {
    this.client.limit = limit;
  }
  clientCertificate(): Uint8Array | undefined {
    return this.client.clientCertificate();
  }
  after(ms: number | undefined): number {
    return this.client.after(ms);
  }
  answer(answer: Answer): void {
    this.client.answer(answer);
  }
  inform(status: number, headers: string[]): void {
    this.client.inform(status, headers);
  }
  sendHead(status: number, headers: string[], close: boolean): void {
    this.client.sendHead(status, headers, close);
  }
  flushHead(): void {
    this.client.flushHead();
  }
  switchProtocols(headers: string[]): Socket {
    return this.client.switchProtocols(headers);
  }
  tunnelClosed(): void {
    this.client.tunnelClosed();
  }
  write(chunk: Uint8Array): boolean {
    return this.client.write(chunk);
  }
  end(last?: Uint8Array, trailers?: [string, string][]): void {
    this.client.end(last, trailers);
  }
  break(): void {
    this.client.break();
  }
}

function give(exchange: ExchangeWithBody): void {
  exchange.give();
}
