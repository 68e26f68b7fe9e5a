import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import type { ForwardFailure, RawHeaders } from "./door.ts";
import { failureOf, isStale } from "./failure.ts";
import type { ResponseControl, ResponseSink } from "./http1/exchange-with-target.ts";
import { announcesBody } from "./http1/response-fields.ts";
import type { TargetSession } from "./http2/target-session.ts";
import { haveHopByHop, type ResponseHead, readResponseHead, readTrailers } from "./response-head.ts";
import { Http2Agreed, type TargetConnection } from "./target-connection.ts";
import type { Caller, TargetPool } from "./target-pool.ts";
import { renamedContinue } from "./unasked-continue.ts";
import { agreedUpgrade } from "./upgrade.ts";
import type { Upload } from "./upload.ts";

/** What is asked of a target. */
export interface TargetRequest {
  method: string;
  path: string;
  headers: RawHeaders;
  upload: Upload | undefined;
  /** What the connection is to become, when the target agrees. */
  upgrade: string | undefined;
}

/** Whoever wants the response. After `onResponseEnd` or `onCallFailed` nothing more is said. */
export interface TargetCallUser {
  /** It is the call's turn, and a connection has to be opened first. */
  onConnecting(): void;
  /** A connection is there and the request goes out on it. */
  onRequestStarted(): void;
  /** Its last byte was written. */
  onRequestSent(): void;
  onInterimResponse(status: number, headers: string[]): void;
  /** May throw: the response can't be used. */
  onResponse(status: number, head: ResponseHead): void;
  /** The target has agreed to an upgrade: nothing more comes but what `socket` brings. May throw, as above. */
  onUpgrade(headers: string[], protocol: string, socket: Socket): void;
  onResponseChunk(chunk: Buffer): void;
  onResponseComplete(trailers: [string, string][] | undefined): void;
  onCallFailed(failure: ForwardFailure): void;
}

/** What can be done about a response, on a connection of either kind. */
type Control = Dispatcher.DispatchController | ResponseControl;

/**
 * One request to a target until its response is complete: waits for a connection, sends, and tries once more when the
 * connection turns out to have gone stale. It is the handler of undici's call, and takes what a stream of HTTP/2 brings.
 */
export class TargetCall implements Dispatcher.DispatchHandler, ResponseSink, Caller {
  /** A connection was there for it: something of the request may have been written. */
  isStarted = false;
  /** The whole request was written. */
  isSent = false;
  private readonly pool: TargetPool;
  private readonly request: TargetRequest;
  private readonly user: TargetCallUser;
  private connection: TargetConnection | undefined = undefined;
  private session: TargetSession | undefined = undefined;
  private controller: Control | undefined = undefined;
  private queued = false;
  private over = false;
  private retried = false;
  private reused = false;
  private answered = false;
  /** What follows its response on the connection can't be told. */
  private isDoubtful = false;

  constructor(pool: TargetPool, request: TargetRequest, user: TargetCallUser) {
    this.pool = pool;
    this.request = request;
    this.user = user;
  }

  start(): void {
    this.queued = true;
    if (this.pool.acquire(this)) return;
    this.queued = false;
    this.fail({ kind: this.pool.isClosed ? "unreachable" : "queue_full" });
  }

  pause(): void {
    this.controller?.pause();
  }

  resume(): void {
    this.controller?.resume();
  }

  get needsHttp1(): boolean {
    return this.request.upgrade !== undefined;
  }

  /** Gives the call up; its user hears nothing more of it. */
  abort({ kind, error = new Error(kind) }: ForwardFailure): void {
    if (this.over) return;
    this.over = true;
    if (this.queued) this.pool.withdraw(this);
    if (kind === "timeout" && !this.answered) this.session?.probe();
    this.controller?.abort(error);
  }

  onConnection(connection: TargetConnection): void {
    this.queued = false;
    this.connection = connection;
    if (!connection.connected) this.user.onConnecting();
    this.dispatch();
  }

  onSession(session: TargetSession): void {
    const { method, path, headers, upload } = this.request;
    this.queued = false;
    this.session = session;
    this.isSent = false;
    session.dispatch({ method, path, headers, piece: upload?.piece, body: upload?.outgoing(), reset: false }, this);
  }

  onRequestStart(controller: Control): void {
    // Throwing here takes the request back before a byte of it is written, and leaves the connection as it is.
    if (this.over) throw new Error("the call was given up before it was sent");
    const { connection, session } = this;
    this.controller = controller;
    this.isStarted = true;
    this.reused = (connection ?? session)?.responses !== 0;
    connection?.onRequest();
    this.user.onRequestStarted();
  }

  onRequestSent(): void {
    this.isSent = true;
    if (!this.over) this.user.onRequestSent();
  }

  onResponseStarted(): void {
    this.answered = true;
  }

  onResponseStart(controller: Control, status: number): void {
    if (this.over) return;
    const lines = isUndicis(controller) ? (controller.rawHeaders as Buffer[]) : controller.headers;
    const head = readResponseHead(lines, status);
    if (status < 200) {
      // It may have no body (RFC 9110, 8.6): what its target means to send after it is anybody's guess.
      this.isDoubtful ||= announcesBody(lines.map(String));
      this.user.onInterimResponse(status === renamedContinue ? 100 : status, head.headers);
      return;
    }
    this.user.onResponse(status, head);
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    _status: number,
    _headers: unknown,
    duplex: Duplex,
  ): void {
    this.onUpgrade(controller, duplex as Socket);
  }

  onUpgrade(controller: Control, socket: Socket): void {
    const { upgrade = "" } = this.request;
    this.controller = undefined;
    // Its place in the pool stays taken until it is closed.
    socket.on("error", () => undefined).once("close", () => this.release());
    if (this.over) {
      socket.destroy();
      return;
    }
    this.over = true;
    const lines = isUndicis(controller) ? (controller.rawHeaders as Buffer[]) : controller.headers;
    try {
      const { headers } = readResponseHead(lines, 101);
      this.user.onUpgrade(headers, agreedUpgrade(lines.map(String), upgrade), socket);
    } catch (error) {
      socket.destroy();
      this.user.onCallFailed({ kind: "protocol", error: error as Error });
    }
  }

  onResponseData(_controller: Control, chunk: Buffer): void {
    if (!this.over) this.user.onResponseChunk(chunk);
  }

  onResponseEnd(controller: Control): void {
    const { over, connection } = this;
    // A body that ends with its connection is whole only when that has ended properly (RFC 9112, 8).
    if (connection?.brokenBy !== undefined) {
      this.onResponseError(controller, connection.brokenBy);
      return;
    }
    const trailers = isUndicis(controller) ? (controller.rawTrailers as Buffer[]) : controller.trailers;
    if (connection !== undefined) {
      connection.onResponse();
      if (this.isDoubtful || haveHopByHop(trailers)) connection.abandon();
    }
    this.over = true;
    // Whoever resumes it late must not resume what the connection carries by then.
    this.controller = undefined;
    this.release();
    if (!over) this.user.onResponseComplete(trailers.length === 0 ? undefined : readTrailers(trailers));
  }

  onResponseError(_controller: Control, error: Error): void {
    this.controller = undefined;
    if (error instanceof Http2Agreed) {
      // Not in the middle of undici's own clean-up.
      queueMicrotask(() => this.exchange());
      return;
    }
    if (!this.over && this.isStale(error)) {
      if ((error as NodeJS.ErrnoException).code === "HTTP_1_1_REQUIRED") this.pool.refuseHttp2();
      this.retried = true;
      this.request.upload?.rewind();
      // The connection's socket is gone: the same place opens a fresh one. Not in the middle of undici's own clean-up.
      queueMicrotask(() => this.again());
      return;
    }
    // Likewise: who waits for this connection would write to it there and then, which undici takes for its own mistake.
    queueMicrotask(() => this.release());
    this.fail(failureOf(error));
  }

  private again(): void {
    if (this.over) this.release();
    else if (this.connection !== undefined) this.dispatch();
    else {
      this.release();
      this.start();
    }
  }

  /** The connection that it waited for is one of HTTP/2. */
  private exchange(): void {
    const { connection } = this;
    if (this.over || connection === undefined) {
      this.release();
      return;
    }
    this.connection = undefined;
    this.queued = true;
    this.pool.exchange(connection, this);
  }

  private dispatch(): void {
    this.isSent = false;
    (this.connection as TargetConnection).dispatch(this.request, this);
  }

  private isStale(error: Error): boolean {
    const { reused, answered, retried } = this;
    const { method, upload } = this.request;
    const replayable = upload === undefined || upload.replayable;
    const unsent = upload?.unsent ?? false;
    return isStale({ method, reused, answered, retried, replayable, unsent }, error);
  }

  private fail(failure: ForwardFailure): void {
    if (this.over) return;
    this.over = true;
    this.user.onCallFailed(failure);
  }

  private release(): void {
    const { connection, session } = this;
    this.connection = undefined;
    this.session = undefined;
    if (connection !== undefined) this.pool.release(connection);
    else if (session !== undefined) this.pool.releaseStream();
  }
}

function isUndicis(control: Control): control is Dispatcher.DispatchController {
  return "rawHeaders" in control;
}
