import type { BodyWriter, OutgoingBody } from "./http1/exchange-with-target.ts";
import { keep } from "./http1/read-buffer.ts";

/** Where the bytes of a streamed request body come from. */
export interface BodySource {
  /** The target is ready for (more of) the body. */
  onBodyWanted(): void;
  onBodyUnwanted(): void;
}

type Listener = (this: RequestBody, argument?: unknown) => void;

/** What undici asks a stream for its length; ours never knows it from here. */
const readableState = Object.freeze({ autoDestroy: true, objectMode: false, ended: false, length: 0 });

/**
 * The request body as undici wants one: something that looks like a readable stream. It is none, because a stream
 * between two sockets costs more than the forwarding itself; it passes chunks on and carries pause and resume back.
 */
export class RequestBody {
  readonly _readableState = readableState;
  destroyed = false;
  errored: Error | null = null;
  readableEnded = false;
  closed = false;
  /** Whoever reads it keeps its pieces: their memory must be theirs. */
  keepsPieces = true;
  private readonly source: BodySource;
  private onData: Listener | undefined = undefined;
  private onEnd: Listener[] = [];
  private onError: Listener[] = [];
  private onClose: Listener[] = [];

  constructor(source: BodySource) {
    this.source = source;
  }

  chunk(chunk: Buffer): void {
    this.onData?.(this.keepsPieces ? keep(chunk) : chunk);
  }

  end(): void {
    this.readableEnded = true;
    for (const listener of this.onEnd.slice()) listener.call(this);
  }

  pause(): this {
    if (!this.destroyed) this.source.onBodyUnwanted();
    return this;
  }

  resume(): this {
    if (!this.destroyed) this.source.onBodyWanted();
    return this;
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.closed = true;
    this.errored = error ?? null;
    if (error !== undefined) for (const listener of this.onError.slice()) listener.call(this, error);
    for (const listener of this.onClose.slice()) listener.call(this);
    return this;
  }

  /** undici takes what has `pipe` and `on` for a stream; it never pipes. */
  pipe(): never {
    throw new Error("a request body is not piped");
  }

  on(event: string, listener: Listener): this {
    if (event === "data") this.onData = listener;
    else this.listeners(event)?.push(listener);
    return this;
  }

  off(event: string, listener: Listener): this {
    return this.removeListener(event, listener);
  }

  removeListener(event: string, listener: Listener): this {
    if (event === "data" && this.onData === listener) this.onData = undefined;
    const listeners = this.listeners(event);
    const index = listeners?.indexOf(listener) ?? -1;
    if (index >= 0) listeners?.splice(index, 1);
    return this;
  }

  private listeners(event: string): Listener[] | undefined {
    if (event === "end") return this.onEnd;
    if (event === "error") return this.onError;
    return event === "close" ? this.onClose : undefined;
  }
}

/** A streamed request body for a connection that takes it from its source, and not as a stream. */
export class RequestBodySource implements OutgoingBody {
  private readonly body: RequestBody;
  private writer: BodyWriter | undefined = undefined;

  constructor(body: RequestBody) {
    this.body = body;
  }

  start(writer: BodyWriter): void {
    const { body } = this;
    this.writer = writer;
    body.keepsPieces = writer.keepsPieces;
    body.on("data", (piece) => {
      if (this.writer?.bodyPiece(piece as Buffer) === false) body.pause();
    });
    if (body.readableEnded) {
      process.nextTick(end, this);
      return;
    }
    body.on("end", () => this.end());
    body.resume();
  }

  onWritable(): void {
    this.body.resume();
  }

  /** What still comes is for nobody: its client may have to get rid of it before it looks at its answer. */
  stop(): void {
    this.writer = undefined;
    this.body.destroy();
  }

  end(): void {
    this.writer?.bodyEnd();
  }
}

function end(source: RequestBodySource): void {
  source.end();
}
