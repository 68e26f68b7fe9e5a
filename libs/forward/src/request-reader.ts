import type { ServerResponse } from "node:http";
import type { InboundRequest } from "./inbound-request.ts";
import type { Sweep } from "./sweep.ts";

/** What is still read of a request that was answered already, so that its connection can be used again. */
export const maxDiscardedBytes = 256 * 1024;

/** Who wants the body. */
export interface RequestSink {
  onRequestChunk(chunk: Buffer): void;
  onRequestEnd(): void;
}

/**
 * The body of one request on its way in: not read before it is wanted, paused while the other side is not ready, and
 * thrown away when nobody wants it any more. Knows when the client has fallen silent.
 */
export class RequestReader {
  complete = false;
  discarding = false;
  discardedBytes = 0;
  private readonly request: InboundRequest;
  private readonly response: ServerResponse;
  private readonly sweep: Sweep;
  private readonly sink: RequestSink;
  private awaitsContinue: boolean;
  private reading = false;
  private paused = false;
  private silent = false;
  private readAt = 0;

  constructor(request: InboundRequest, response: ServerResponse, sweep: Sweep, sink: RequestSink, expects: boolean) {
    this.request = request;
    this.response = response;
    this.sweep = sweep;
    this.sink = sink;
    this.awaitsContinue = expects;
    request.reader = this;
  }

  /** All of it was read from the connection. */
  get received(): boolean {
    return this.request.complete;
  }

  /** Starts or goes on; a client that waits to be asked for its body is asked now. */
  read(): void {
    this.paused = false;
    this.readAt = this.sweep.now;
    if (this.reading) {
      this.request.resume();
      return;
    }
    this.reading = true;
    if (this.awaitsContinue) {
      this.awaitsContinue = false;
      this.response.writeContinue();
    }
    this.request.on("data", onData).on("end", onEnd);
  }

  pause(): void {
    this.paused = true;
    this.request.pause();
  }

  /** Reads what is left for nobody, so that the client gets to the answer. */
  discard(): void {
    this.discarding = true;
    this.awaitsContinue = false;
    this.read();
  }

  /** Whether the rest is small enough to be read for nothing. A client that was not asked yet may send it or not. */
  isCheap(contentLength: number | undefined): boolean {
    return !this.awaitsContinue && !this.silent && contentLength !== undefined && contentLength <= maxDiscardedBytes;
  }

  /** The client was to send something, and did not for so long. */
  isStalled(now: number, limitMs: number): boolean {
    if (!this.reading || this.paused || this.complete || limitMs <= 0 || now - this.readAt < limitMs + 100)
      return false;
    this.silent = true;
    return true;
  }

  chunk(chunk: Buffer): void {
    this.readAt = this.sweep.now;
    if (this.discarding) this.discardedBytes += chunk.length;
    this.sink.onRequestChunk(chunk);
  }

  end(): void {
    this.complete = true;
    this.sink.onRequestEnd();
  }
}

function onData(this: InboundRequest, chunk: Buffer): void {
  this.reader?.chunk(chunk);
}

function onEnd(this: InboundRequest): void {
  this.reader?.end();
}
