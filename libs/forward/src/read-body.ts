import type { ClientSide, ExchangeUser } from "./client-side.ts";
import type { Exchange } from "./door.ts";

export interface ReadBodyOptions {
  maxBytes: number;
  /** For the body as a whole. 0: no limit but that on silence. */
  timeoutMs: number;
  /** Time the client may send nothing. The listener's, when absent. 0: no limit. */
  idleTimeoutMs?: number;
  /** Asked before a piece is kept; false ends the reading as `refused`. */
  admit?: (bytes: number) => boolean;
}

/** Why there is no body. After `client_gone` nobody waits for an answer. */
export type UnreadBody = "request_body_too_large" | "request_body_timeout" | "client_gone" | "refused";

const nothing = Buffer.alloc(0);

/**
 * Reads the whole body of a request into memory and calls back once, with it or with what is wrong. Then the exchange is
 * answered, or forwarded by way of {@link withBody}.
 */
export function readBody(
  exchange: Exchange,
  options: ReadBodyOptions,
  done: (body: Buffer | UnreadBody) => void,
): void {
  const client = exchange as ClientSide;
  if (client.aborted) done("client_gone");
  else if ((client.contentLength ?? 0) > options.maxBytes) done("request_body_too_large");
  else if (client.reader === undefined) done(nothing);
  else {
    client.attach(new BodyCollector(options, done));
    client.limit = client.after(options.timeoutMs);
    if (options.idleTimeoutMs !== undefined) client.reader.idleTimeoutMs = options.idleTimeoutMs;
    client.reader.read();
  }
}

class BodyCollector implements ExchangeUser {
  private readonly options: ReadBodyOptions;
  private readonly done: (body: Buffer | UnreadBody) => void;
  private chunks: Buffer[] = [];
  private bytes = 0;
  private isOver = false;

  constructor(options: ReadBodyOptions, done: (body: Buffer | UnreadBody) => void) {
    this.options = options;
    this.done = done;
  }

  onRequestChunk(chunk: Buffer): void {
    if (this.isOver) return;
    const { maxBytes, admit } = this.options;
    this.bytes += chunk.length;
    if (this.bytes > maxBytes) this.finish("request_body_too_large");
    else if (admit?.(chunk.length) === false) this.finish("refused");
    // The engine reads the next piece into the same memory.
    else this.chunks.push(Buffer.from(chunk));
  }

  onRequestEnd(): void {
    const { chunks } = this;
    this.finish(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
  }

  onRequestStalled(): void {
    this.finish("request_body_timeout");
  }

  onExpired(): void {
    this.finish("request_body_timeout");
  }

  onClientGone(): void {
    this.finish("client_gone");
  }

  onClientWritable(): void {}
  onResponseSent(): void {}
  tick(): void {}

  private finish(result: Buffer | UnreadBody): void {
    if (this.isOver) return;
    this.isOver = true;
    this.chunks = [];
    this.done(result);
  }
}
