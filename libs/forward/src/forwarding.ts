import type { Socket } from "node:net";
import type { BodyReader, ClientSide, ExchangeUser } from "./client-side.ts";
import type { Exchange, ForwardFailure, ForwardOptions, Resend, Target } from "./door.ts";
import { Download } from "./download.ts";
import { HeldResponse, type HeldUser, type PassUser } from "./held-response.ts";
import type { ResponseHead } from "./response-head.ts";
import { TargetCall, type TargetCallUser, type TargetRequest } from "./target-call.ts";
import type { TargetPool } from "./target-pool.ts";
import { Tunnel, type TunnelEnd } from "./tunnel.ts";
import { Upload, type UploadUser } from "./upload.ts";

/** Whatever its caller says, an exchange comes to an end. */
const maxTries = 16;

/** Passes a request on to a target, and its response back. Everything that can happen ends in `onDone`. */
export function forward(exchange: Exchange, target: Target, options: ForwardOptions): void {
  new Forwarding(exchange as ClientSide, target as TargetPool, options).start();
}

/**
 * One exchange between a client and a target: who is waited for and for how long, and what becomes of the exchange when
 * one of them fails. The bytes go through {@link Upload}, {@link TargetCall} and {@link Download}.
 */
class Forwarding implements ExchangeUser, TargetCallUser, UploadUser, HeldUser, PassUser {
  private readonly exchange: ClientSide;
  private pool: TargetPool;
  private readonly options: ForwardOptions;
  /** What is sent: as the options say, until a {@link Resend} says otherwise. */
  private request: TargetRequest;
  private readonly download: Download;
  private upload: Upload | undefined = undefined;
  private call: TargetCall | undefined = undefined;
  private held: HeldResponse | undefined = undefined;
  private tries = 0;
  /** Including those that got no connection. */
  private attempts = 0;
  /** When a call that got no connection is made again. */
  private sendAt = Number.POSITIVE_INFINITY;
  private done = false;
  private complete = false;
  private failure: ForwardFailure | undefined = undefined;
  /** When the current step must have ended. */
  private deadline = Number.POSITIVE_INFINITY;
  private finished = false;

  constructor(exchange: ClientSide, pool: TargetPool, options: ForwardOptions) {
    this.exchange = exchange;
    this.pool = pool;
    this.options = options;
    const { method = exchange.method, path, headers } = options;
    this.request = { method, path, headers, upload: undefined, upgrade: exchange.upgrade };
    this.download = new Download(exchange, options);
  }

  start(): void {
    const { exchange, options } = this;
    exchange.attach(this);
    if (exchange.aborted) {
      this.fail({ kind: "client_gone" });
      this.finish();
      return;
    }
    if (options.maxDurationMs !== undefined) exchange.limit = exchange.after(options.maxDurationMs);
    if (exchange.reader === undefined) this.send();
    else this.startUpload(exchange.reader);
  }

  // The request body, on its way from the client.

  onRequestChunk(chunk: Buffer): void {
    this.upload?.onRequestChunk(chunk);
  }

  onRequestEnd(): void {
    this.upload?.onRequestEnd();
  }

  onBodyCollected(): void {
    this.send();
  }

  onBodyFailed(failure: ForwardFailure): void {
    this.fail(failure);
  }

  onBodyMoving(): void {
    // A target that answers while it reads is alive in either direction; before that, the client is waited for.
    if (this.held === undefined) this.deadline = this.hasHead ? this.idleLimit() : Number.POSITIVE_INFINITY;
  }

  onBodyBlocked(): void {
    if (!this.hasHead) this.deadline = this.idleLimit();
  }

  // The call to the target.

  onConnecting(): void {
    const { connectTimeoutMs } = this.options;
    if (connectTimeoutMs !== undefined) {
      this.deadline = Math.min(this.deadline, this.exchange.after(connectTimeoutMs));
    }
  }

  onRequestStarted(): void {
    this.tries += 1;
  }

  onRequestSent(): void {
    if (!this.hasHead) this.deadline = this.exchange.after(this.options.responseTimeoutMs);
  }

  onInterimResponse(status: number, headers: string[]): void {
    this.options.onFields?.(headers);
    this.exchange.inform(status, headers);
  }

  onResponse(status: number, head: ResponseHead): void {
    if (status < 300 || !this.hold(status, head)) this.pass(status, head);
  }

  onUpgrade(headers: string[], protocol: string, target: Socket): void {
    const client = this.download.switchProtocols(headers, protocol);
    this.done = true;
    const onClosed = ({ sent, received, failure }: TunnelEnd) => {
      this.failure = failure;
      this.complete = failure === undefined;
      this.finish(sent, received);
    };
    new Tunnel(this.exchange, client, target, { idleMs: this.options.tunnelIdleTimeoutMs, onClosed });
  }

  onResponseChunk(chunk: Buffer): void {
    if (this.held !== undefined) {
      this.held.onChunk(chunk);
      return;
    }
    this.deadline = this.idleLimit();
    if (!this.download.data(chunk)) this.call?.pause();
  }

  onResponseComplete(trailers: [string, string][] | undefined): void {
    if (this.held !== undefined) {
      this.held.onEnd({ trailers });
      return;
    }
    this.done = true;
    this.download.end(trailers);
  }

  onCallFailed(failure: ForwardFailure): void {
    if (this.held !== undefined) this.held.onEnd({ failure });
    else if (!this.postpone(failure)) this.fail(failure);
  }

  // A response that may not be the last word.

  onResponseKept(held: HeldResponse): void {
    this.held = undefined;
    held.replay(this);
    if (!this.done && !this.download.paused) this.call?.resume();
  }

  onResponseReplaced({ headers, path = this.request.path, target = this.pool }: Resend): void {
    this.held = undefined;
    this.pool = target as TargetPool;
    this.upload?.rewind();
    this.request = { ...this.request, path, headers: this.upload?.withLength(headers) ?? headers };
    // Later: the call that it replaces is in the middle of its clean-up.
    queueMicrotask(() => {
      if (!this.done) this.send();
    });
  }

  onResendFailed(error: unknown): void {
    this.fail({ kind: "resend_failed", ...(error instanceof Error ? { error } : {}) });
  }

  // The client.

  onClientWritable(): void {
    if (!this.download.paused) return;
    this.download.paused = false;
    this.deadline = this.idleLimit();
    this.call?.resume();
  }

  onResponseSent(): void {
    this.complete = this.failure === undefined;
    this.finish();
  }

  onClientGone(): void {
    this.fail({ kind: "client_gone" });
    this.failure ??= { kind: "client_gone" };
    this.finish();
  }

  onRequestStalled(): void {
    this.fail({ kind: "request_body_timeout" });
  }

  onExpired(): void {
    if (this.done) this.exchange.break();
    else this.fail({ kind: "timeout" });
  }

  tick(now: number): void {
    if (this.held !== undefined) this.held.tick(now);
    else if (now >= this.sendAt) {
      this.upload?.rewind();
      this.send();
    } else if (now >= this.deadline && !this.download.paused) this.fail({ kind: "timeout" });
  }

  private get hasHead(): boolean {
    return this.download.targetStatus !== undefined || this.held !== undefined;
  }

  private startUpload(reader: BodyReader): void {
    const upload = new Upload(reader, this, this.exchange.contentLength, this.options);
    this.upload = upload;
    this.request.upload = upload;
    this.request.headers = upload.withLength(this.request.headers);
    if (upload.isTooLarge) this.fail({ kind: "request_body_too_large" });
    else if (upload.small) reader.read();
    else this.send();
  }

  private send(): void {
    this.attempts += 1;
    this.sendAt = Number.POSITIVE_INFINITY;
    this.deadline = this.exchange.after(this.options.responseTimeoutMs);
    this.call = new TargetCall(this.pool, this.request, this);
    this.call.start();
  }

  /** Whether a call without a connection is made again after a while. */
  private postpone(failure: ForwardFailure): boolean {
    if (this.done || this.attempts >= maxTries || this.call?.isStarted !== false) return false;
    const delayMs = this.options.onUnsent?.(failure);
    if (delayMs === undefined) return false;
    this.deadline = Number.POSITIVE_INFINITY;
    this.sendAt = this.exchange.after(Math.max(1, delayMs));
    return true;
  }

  /** Whether the response waits until its caller knows if it wants another. */
  private hold(status: number, head: ResponseHead): boolean {
    const { options } = this;
    if (options.reconsider === undefined || this.tries >= maxTries) return false;
    const replayable = this.upload?.settled() ?? true;
    if (replayable === false) return false;
    const ask = () => options.reconsider?.(status, head.headers);
    const asked = replayable === true ? ask() : replayable.then((isKept) => (isKept ? ask() : undefined));
    if (asked === undefined) return false;
    // What came of the body meanwhile may have been more than can be kept: half of it must not be taken for the whole.
    const decision = asked.then((resend) => (this.upload?.replayable === false ? undefined : resend));
    const parts = { exchange: this.exchange, call: this.call as TargetCall, status, head };
    this.held = new HeldResponse(parts, decision, this);
    return true;
  }

  pass(status: number, head: ResponseHead): void {
    this.upload?.accepted();
    this.download.head(status, head);
    this.deadline = this.idleLimit();
  }

  private idleLimit(): number {
    return this.exchange.after(this.options.bodyIdleTimeoutMs);
  }

  private fail(failure: ForwardFailure): void {
    if (this.done) return;
    this.done = true;
    this.sendAt = Number.POSITIVE_INFINITY;
    this.failure = failure;
    this.held?.drop();
    this.upload?.release();
    this.call?.abort(failure);
    this.download.fail(failure);
  }

  private finish(requestBytes = this.upload?.bytes ?? 0, responseBytes = this.download.bytes): void {
    if (this.finished) return;
    this.finished = true;
    const { failure, tries, complete, download } = this;
    const { status, targetStatus } = download;
    const outcome = { status, targetStatus, tries, requestBytes, responseBytes, complete };
    this.options.onDone?.(failure === undefined ? outcome : { ...outcome, failure });
  }
}
