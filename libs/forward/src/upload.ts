import { RequestBody } from "./request-body.ts";
import type { RequestReader, RequestSink } from "./request-reader.ts";

/** A body up to this size is read whole before the target is called: one write, and it can be sent again. */
const maxReplayBytes = 16 * 1024;

/**
 * Methods whose body means nothing in general (RFC 9110, 9.3). A target that does not read it takes it for the next
 * request, and answers that to whoever is next on the connection: it is not used again.
 */
const withoutBody = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"]);

export function isBodyUnexpected(method: string): boolean {
  return withoutBody.has(method);
}

/** The call whose request body this is. */
export interface UploadUser {
  /** A small body is complete: the target may be called. */
  onBodyCollected(): void;
  onBodyTooLarge(): void;
  /** The target reads, or something was read from the client for it. */
  onBodyMoving(): void;
  /** The target takes no more for the moment. */
  onBodyBlocked(): void;
}

/** The request body between client and target: small ones whole, others piece by piece as fast as the target reads. */
export class Upload implements RequestSink {
  bytes = 0;
  /** Read whole first. */
  readonly small: boolean;
  private streamed: RequestBody | undefined;
  private collected: Buffer | undefined = undefined;
  private readonly reader: RequestReader;
  private readonly user: UploadUser;
  private readonly maxBytes: number;
  private released = false;
  private ended = false;

  constructor(
    reader: RequestReader,
    user: UploadUser,
    contentLength: number | undefined,
    maxBytes: number | undefined,
  ) {
    this.reader = reader;
    this.user = user;
    this.maxBytes = maxBytes ?? Number.POSITIVE_INFINITY;
    this.small = contentLength !== undefined && contentLength <= maxReplayBytes;
    this.streamed = this.small ? undefined : new RequestBody(this);
  }

  /** What undici sends. */
  get body(): RequestBody | Buffer | undefined {
    return this.streamed ?? this.collected;
  }

  /** It can be sent once more, from its start. */
  get replayable(): boolean {
    return this.small || this.bytes === 0;
  }

  /** undici writes the head of a request with the first piece of a body that is a stream, or with its end. */
  get unsent(): boolean {
    return !this.small && this.bytes === 0 && !this.ended;
  }

  /** Makes the body ready to be sent again. */
  rewind(): void {
    if (this.streamed === undefined) return;
    this.streamed = new RequestBody(this);
    this.streamed.readableEnded = this.ended;
  }

  /** Nothing more is read for the target. */
  release(): void {
    this.released = true;
  }

  onBodyWanted(): void {
    if (this.released) return;
    this.reader.read();
    this.user.onBodyMoving();
  }

  onBodyUnwanted(): void {
    if (this.released) return;
    this.reader.pause();
    this.user.onBodyBlocked();
  }

  onRequestChunk(chunk: Buffer): void {
    if (this.released) return;
    this.bytes += chunk.length;
    if (this.bytes > this.maxBytes) this.user.onBodyTooLarge();
    else if (this.streamed !== undefined) {
      this.user.onBodyMoving();
      this.streamed.chunk(chunk);
    } else this.collected = this.collected === undefined ? chunk : Buffer.concat([this.collected, chunk]);
  }

  onRequestEnd(): void {
    if (this.released) return;
    this.ended = true;
    if (this.streamed === undefined) this.user.onBodyCollected();
    else this.streamed.end();
  }
}
