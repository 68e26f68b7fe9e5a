import type { HttpStream } from "./http-stream.ts";
import type { Sweep } from "./sweep.ts";

/** What is still read of a request that was answered already, so that its connection can be used again. */
export const maxDiscardedBytes = 256 * 1024;

export interface BodyLimits {
  /** Time a client may send nothing while something is awaited. */
  readonly bodyIdleTimeoutMs: number;
  /** Time it has for the body as a whole, as long as the other side keeps up. */
  readonly bodyTimeoutMs: number;
}

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
  /** The listener's, when undefined. */
  idleTimeoutMs: number | undefined = undefined;
  private readonly stream: HttpStream;
  private readonly sweep: Sweep;
  private awaitsContinue: boolean;
  private reading = false;
  private paused = false;
  private silent = false;
  /** When reading began; moved on by the time in which nobody wanted to read. */
  private startedAt = 0;
  private pausedAt = 0;
  private readAt = 0;

  constructor(stream: HttpStream, sweep: Sweep, expects: boolean) {
    this.stream = stream;
    this.sweep = sweep;
    this.awaitsContinue = expects;
  }

  /** All of it was read from the connection. */
  get received(): boolean {
    return this.stream.isReceived;
  }

  /** Starts or goes on; a client that waits to be asked for its body is asked now. */
  read(): void {
    if (this.paused) this.startedAt += this.sweep.now - this.pausedAt;
    this.paused = false;
    this.readAt = this.sweep.now;
    if (!this.reading) {
      this.reading = true;
      this.startedAt = this.sweep.now;
      if (this.awaitsContinue) {
        this.awaitsContinue = false;
        this.stream.askForBody();
      }
    }
    this.stream.readBody();
  }

  pause(): void {
    if (!this.paused) this.pausedAt = this.sweep.now;
    this.paused = true;
    this.stream.pauseBody();
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

  /** The client was to send something, and did not for too long; or it sends so slowly that it would never end. */
  isLate(now: number, { bodyIdleTimeoutMs, bodyTimeoutMs }: BodyLimits): boolean {
    if (!this.reading || this.paused || this.complete) return false;
    const idleTimeoutMs = this.idleTimeoutMs ?? bodyIdleTimeoutMs;
    if (!isOver(now - this.readAt, idleTimeoutMs) && !isOver(now - this.startedAt, bodyTimeoutMs)) return false;
    this.silent = true;
    return true;
  }

  /** Something of it came. */
  onChunk(chunk: Buffer): void {
    this.readAt = this.sweep.now;
    if (this.discarding) this.discardedBytes += chunk.length;
  }
}

/** Times are good to a tick of the clock; a limit of 0 is none. */
const isOver = (ms: number, limitMs: number): boolean => limitMs > 0 && ms >= limitMs + 100;
