import type { Dispatcher } from "undici";
import type { Exchange, ForwardFailure, ForwardOptions, Target } from "./door.ts";
import { Download } from "./download.ts";
import { failureOf, isStale } from "./failure.ts";
import type { RequestBody } from "./request-body.ts";
import type { RequestReader } from "./request-reader.ts";
import { haveHopByHop } from "./response-head.ts";
import type { ExchangeUser, ServerExchange } from "./server-exchange.ts";
import type { Caller, TargetConnection, TargetPool } from "./target-pool.ts";
import { isBodyUnexpected, Upload, type UploadUser } from "./upload.ts";

/** Passes a request on to a target, and its response back. Everything that can happen ends in `onDone`. */
export function forward(exchange: Exchange, target: Target, options: ForwardOptions): void {
  new Forwarding(exchange as ServerExchange, target as TargetPool, options).start();
}

/**
 * The first engine: one exchange between a `node:http` request and an undici call. It is the handler of the call, the
 * user of the exchange and the source of the request body in one, so that a request costs one object here.
 */
class Forwarding implements Dispatcher.DispatchHandler, ExchangeUser, Caller, UploadUser {
  private readonly exchange: ServerExchange;
  private readonly pool: TargetPool;
  private readonly options: ForwardOptions;
  private readonly method: string;
  private connection: TargetConnection | undefined = undefined;
  private controller: Dispatcher.DispatchController | undefined = undefined;
  private readonly download: Download;
  private upload: Upload | undefined = undefined;
  private queued = false;
  private retried = false;
  private reused = false;
  private answered = false;
  private done = false;
  private complete = false;
  private failure: ForwardFailure | undefined = undefined;
  /** When the current step must have ended. */
  private deadline = Number.POSITIVE_INFINITY;
  private finished = false;

  constructor(exchange: ServerExchange, pool: TargetPool, options: ForwardOptions) {
    this.exchange = exchange;
    this.pool = pool;
    this.options = options;
    this.method = options.method ?? exchange.method;
    this.download = new Download(exchange, options.onResponse);
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
    if (exchange.reader === undefined) this.call();
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
    this.call();
  }

  onBodyTooLarge(): void {
    this.fail({ kind: "request_body_too_large" });
  }

  onBodyMoving(): void {
    // A target that answers while it reads is alive in either direction; before that, the client is waited for.
    this.deadline = this.download.targetStatus === undefined ? Number.POSITIVE_INFINITY : this.idleLimit();
  }

  onBodyBlocked(): void {
    if (this.download.targetStatus === undefined) this.deadline = this.idleLimit();
  }

  // The call to the target.

  onConnection(connection: TargetConnection): void {
    this.queued = false;
    this.connection = connection;
    this.dispatch();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Throwing here takes the request back before a byte of it is written, and leaves the connection as it is.
    if (this.done) throw new Error("the call was given up before it was sent");
    this.controller = controller;
    const connection = this.connection as TargetConnection;
    this.reused = connection.responses > 0;
    connection.awaitsHead = true;
  }

  onRequestSent(): void {
    if (this.download.targetStatus === undefined) this.deadline = this.exchange.after(this.options.responseTimeoutMs);
  }

  onResponseStarted(): void {
    this.answered = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.done || !this.download.head(controller, status)) return;
    (this.connection as TargetConnection).awaitsHead = false;
    this.deadline = this.idleLimit();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.done) return;
    this.deadline = this.idleLimit();
    this.download.data(controller, chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    const connection = this.connection as TargetConnection;
    connection.responses += 1;
    if (haveHopByHop(controller.rawTrailers as Buffer[])) connection.abandon();
    if (!this.done) {
      this.done = true;
      this.controller = undefined;
      this.download.end(controller);
    }
    this.release();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.done && this.isStale(error)) {
      this.retried = true;
      this.controller = undefined;
      this.upload?.rewind();
      // The connection's socket is gone: the same place opens a fresh one. Not in the middle of undici's own clean-up.
      queueMicrotask(() => (this.done ? this.release() : this.dispatch()));
      return;
    }
    this.release();
    this.fail(failureOf(error));
  }

  // The client.

  onClientWritable(): void {
    if (!this.download.paused) return;
    this.download.paused = false;
    this.deadline = this.idleLimit();
    this.controller?.resume();
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
    if (now >= this.deadline && !this.download.paused) this.fail({ kind: "timeout" });
  }

  private startUpload(reader: RequestReader): void {
    const { contentLength } = this.exchange;
    const { maxRequestBodyBytes, headers } = this.options;
    if ((contentLength ?? 0) > (maxRequestBodyBytes ?? Number.POSITIVE_INFINITY)) {
      this.fail({ kind: "request_body_too_large" });
      return;
    }
    this.upload = new Upload(reader, this, contentLength, maxRequestBodyBytes);
    if (this.upload.small) {
      reader.read();
      return;
    }
    if (contentLength !== undefined) headers.push("Content-Length", String(contentLength));
    this.call();
  }

  private call(): void {
    this.deadline = this.exchange.after(this.options.responseTimeoutMs);
    this.queued = true;
    if (this.pool.acquire(this)) return;
    this.queued = false;
    this.fail({ kind: this.pool.isClosed ? "unreachable" : "queue_full" });
  }

  private dispatch(): void {
    const { options, pool } = this;
    const call: Call = {
      path: options.path,
      method: this.method,
      headers: options.headers,
      body: this.upload?.body,
      servername: pool.servername,
      // undici would close it after HEAD too, lest a body follow; that is seen before the connection is used again.
      reset: this.upload !== undefined && isBodyUnexpected(this.method),
      blocking: false,
    };
    (this.connection as TargetConnection).client.dispatch(call as Dispatcher.DispatchOptions, this);
  }

  private isStale(error: Error): boolean {
    const { method, reused, answered, retried } = this;
    const replayable = this.upload === undefined || this.upload.replayable;
    const unsent = this.upload?.unsent ?? false;
    return isStale({ method, reused, answered, retried, replayable, unsent }, error);
  }

  private idleLimit(): number {
    return this.exchange.after(this.options.bodyIdleTimeoutMs);
  }

  private fail(failure: ForwardFailure): void {
    if (this.done) return;
    this.done = true;
    this.failure = failure;
    this.upload?.release();
    this.download.release();
    if (this.queued) this.pool.withdraw(this);
    this.controller?.abort(failure.error ?? new Error(failure.kind));
    if (failure.kind === "client_gone") return;
    if (this.exchange.headSent) {
      this.exchange.break();
      return;
    }
    try {
      const answer = this.options.onFailure(failure);
      this.download.status = answer.status;
      this.exchange.answer(answer);
    } catch {
      // No answer can be made, or none that HTTP can carry.
      this.exchange.break();
    }
  }

  private release(): void {
    const { connection } = this;
    this.connection = undefined;
    if (connection !== undefined) this.pool.release(connection);
  }

  private finish(): void {
    if (this.finished) return;
    this.finished = true;
    const { failure, complete } = this;
    const { status, targetStatus, bytes } = this.download;
    this.options.onDone?.({
      status,
      targetStatus,
      ...(failure === undefined ? {} : { failure }),
      requestBytes: this.upload?.bytes ?? 0,
      responseBytes: bytes,
      complete,
    });
  }
}

/** What undici takes; its types know neither our body nor the server name. */
interface Call {
  path: string;
  method: string;
  headers: string[];
  body: RequestBody | Buffer | undefined;
  servername: string;
  reset: boolean;
  blocking: boolean;
}
