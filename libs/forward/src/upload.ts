import type { BodyReader } from "./client-side.ts";
import type { ForwardFailure, ForwardOptions, RawHeaders } from "./door.ts";
import type { OutgoingBody } from "./http1/exchange-with-target.ts";
import { keep } from "./http1/read-buffer.ts";
import { type ReplayBudget, ReplayBuffer, type ReplayUser } from "./replay-buffer.ts";
import { type BodySource, RequestBody, RequestBodySource } from "./request-body.ts";
import type { RequestSink } from "./request-reader.ts";

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
  /** Too much of it has come, or what was kept of it can't be read while it is sent again. */
  onBodyFailed(failure: ForwardFailure): void;
  /** The target reads, or something was read from the client for it. */
  onBodyMoving(): void;
  /** The target takes no more for the moment. */
  onBodyBlocked(): void;
}

/** The request body between client and target: small ones whole, others piece by piece as fast as the target reads. */
export class Upload implements RequestSink, BodySource, ReplayUser {
  bytes = 0;
  /** Read whole first. */
  readonly small: boolean;
  private streamed: RequestBody | undefined;
  private collected: Buffer | undefined = undefined;
  private kept: ReplayBuffer | undefined;
  private readonly reader: BodyReader;
  private readonly user: UploadUser;
  private readonly contentLength: number | undefined;
  private readonly maxBytes: number;
  private released = false;
  private ended = false;
  /** The target is ready for more. */
  private wanted = false;
  /** What is kept goes to a disk that has to catch up first. */
  private crowded = false;
  /** What is kept is on its way to the target once more; the client waits. */
  private replaying = false;

  constructor(reader: BodyReader, user: UploadUser, contentLength: number | undefined, options: ForwardOptions) {
    const replay = options.replay as ReplayBudget | undefined;
    this.reader = reader;
    this.user = user;
    this.contentLength = contentLength;
    this.maxBytes = options.maxRequestBodyBytes ?? Number.POSITIVE_INFINITY;
    if (options.requestIdleTimeoutMs !== undefined) reader.idleTimeoutMs = options.requestIdleTimeoutMs;
    this.small = contentLength !== undefined && contentLength <= maxReplayBytes;
    this.streamed = this.small ? undefined : new RequestBody(this);
    this.kept = !this.small && replay?.couldKeep(contentLength) ? new ReplayBuffer(replay, this) : undefined;
  }

  /** What undici sends. */
  get body(): RequestBody | Buffer | undefined {
    return this.streamed ?? this.collected;
  }

  /** The whole of a small one. */
  get piece(): Buffer | undefined {
    return this.collected;
  }

  /** The same for a connection that is not undici's; undefined for what is a piece. */
  outgoing(): OutgoingBody | undefined {
    return this.streamed && new RequestBodySource(this.streamed);
  }

  /** Its client says so; nothing of it is read. */
  get isTooLarge(): boolean {
    return (this.contentLength ?? 0) > this.maxBytes;
  }

  /** The headers that it goes with: a streamed body has a length only when its client has declared one. */
  withLength(headers: RawHeaders): RawHeaders {
    const { small, contentLength } = this;
    return small || contentLength === undefined ? headers : [...headers, "Content-Length", String(contentLength)];
  }

  /** It can be sent once more, from its start, if no disk fails. */
  get replayable(): boolean {
    return this.small || this.bytes === 0 || this.kept?.isIntact === true;
  }

  /** The same for certain; a promise while a disk has yet to say so. */
  settled(): boolean | Promise<boolean> {
    return this.kept !== undefined && this.bytes > 0 ? this.kept.settled() : this.replayable;
  }

  /** undici writes the head of a request with the first piece of a body that is a stream, or with its end. */
  get unsent(): boolean {
    return !this.small && this.bytes === 0 && !this.ended;
  }

  /** Makes the body ready to be sent again. */
  rewind(): void {
    if (this.streamed === undefined) return;
    this.streamed = new RequestBody(this);
    this.wanted = false;
    this.replaying = this.bytes > 0;
    if (!this.replaying) this.streamed.readableEnded = this.ended;
    else {
      if (!this.ended) this.reader.pause();
      this.kept?.rewind();
    }
  }

  /** The target has answered for good: the body won't be sent again. */
  accepted(): void {
    this.kept?.release();
    this.kept = undefined;
    if (this.crowded) this.onReplayRoom();
  }

  /** Nothing more is read for the target. */
  release(): void {
    this.released = true;
    this.kept?.release();
  }

  onBodyWanted(): void {
    if (this.released) return;
    // After its end there is nothing to go on with, and nobody waits for the body any more.
    if (this.ended && !this.replaying) return;
    this.wanted = true;
    // First, since the rest of the body may come, and its end, before the other lines return.
    this.user.onBodyMoving();
    if (this.replaying) this.kept?.resume();
    else this.read();
  }

  onBodyUnwanted(): void {
    if (this.released) return;
    this.wanted = false;
    if (this.replaying) this.kept?.pause();
    else this.reader.pause();
    this.user.onBodyBlocked();
  }

  onRequestChunk(chunk: Buffer): void {
    if (this.released) return;
    this.bytes += chunk.length;
    if (this.bytes > this.maxBytes) this.user.onBodyFailed({ kind: "request_body_too_large" });
    else if (this.streamed !== undefined) {
      this.user.onBodyMoving();
      if (this.kept?.keep(keep(chunk)) === false) {
        this.crowded = true;
        this.reader.pause();
      }
      this.streamed.chunk(chunk);
    } else this.collected = this.collected === undefined ? keep(chunk) : Buffer.concat([this.collected, chunk]);
  }

  onRequestEnd(): void {
    if (this.released) return;
    this.ended = true;
    if (this.streamed === undefined) this.user.onBodyCollected();
    else if (!this.replaying) this.streamed.end();
  }

  onReplayRoom(): void {
    this.crowded = false;
    if (this.wanted && !this.replaying && !this.released) this.read();
  }

  onReplayPiece(piece: Buffer): void {
    this.user.onBodyMoving();
    this.streamed?.chunk(piece);
  }

  onReplayEnd(): void {
    this.replaying = false;
    if (this.ended) this.streamed?.end();
    else if (this.wanted) this.read();
  }

  onReplayLost(error: Error): void {
    this.user.onBodyFailed({ kind: "resend_failed", error });
  }

  private read(): void {
    if (!this.crowded && !this.ended) this.reader.read();
  }
}
