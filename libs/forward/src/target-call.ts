import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import type { ForwardFailure, RawHeaders } from "./door.ts";
import { failureOf, isStale } from "./failure.ts";
import { haveHopByHop, type ResponseHead, readResponseHead, readTrailers } from "./response-head.ts";
import type { TargetConnection } from "./target-connection.ts";
import type { Caller, TargetPool } from "./target-pool.ts";
import { renamedContinue } from "./unasked-continue.ts";
import { agreedUpgrade } from "./upgrade.ts";
import { isBodyUnexpected, type Upload } from "./upload.ts";

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

/**
 * One request to a target until its response is complete: waits for a connection, sends, and tries once more when the
 * connection turns out to have gone stale. It is the handler of undici's call.
 */
export class TargetCall implements Dispatcher.DispatchHandler, Caller {
  /** A connection was there for it: something of the request may have been written. */
  isStarted = false;
  /** The whole request was written. */
  isSent = false;
  private readonly pool: TargetPool;
  private readonly request: TargetRequest;
  private readonly user: TargetCallUser;
  private connection: TargetConnection | undefined = undefined;
  private controller: Dispatcher.DispatchController | undefined = undefined;
  private queued = false;
  private over = false;
  private retried = false;
  private reused = false;
  private answered = false;

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

  /** Gives the call up; its user hears nothing more of it. */
  abort(reason: Error): void {
    if (this.over) return;
    this.over = true;
    if (this.queued) this.pool.withdraw(this);
    this.controller?.abort(reason);
  }

  onConnection(connection: TargetConnection): void {
    this.queued = false;
    this.connection = connection;
    if (!connection.connected) this.user.onConnecting();
    this.dispatch();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Throwing here takes the request back before a byte of it is written, and leaves the connection as it is.
    if (this.over) throw new Error("the call was given up before it was sent");
    this.controller = controller;
    const connection = this.connection as TargetConnection;
    this.isStarted = true;
    this.reused = connection.responses > 0;
    connection.awaitsHead = true;
    this.user.onRequestStarted();
  }

  onRequestSent(): void {
    this.isSent = true;
    if (!this.over) this.user.onRequestSent();
  }

  onResponseStarted(): void {
    this.answered = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.over) return;
    const head = readResponseHead(controller.rawHeaders as Buffer[], status);
    if (status < 200) {
      this.user.onInterimResponse(status === renamedContinue ? 100 : status, head.headers);
      return;
    }
    (this.connection as TargetConnection).awaitsHead = false;
    this.user.onResponse(status, head);
  }

  onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, _headers: unknown, duplex: Duplex): void {
    const socket = duplex as Socket;
    const connection = this.connection as TargetConnection;
    const { upgrade = "" } = this.request;
    connection.awaitsHead = false;
    // Its place in the pool stays taken until it is closed.
    socket.on("error", () => undefined).once("close", () => this.release());
    if (this.over) {
      socket.destroy();
      return;
    }
    this.over = true;
    const lines = controller.rawHeaders as Buffer[];
    try {
      const { headers } = readResponseHead(lines, status);
      this.user.onUpgrade(headers, agreedUpgrade(lines.map(String), upgrade), socket);
    } catch (error) {
      socket.destroy();
      this.user.onCallFailed({ kind: "protocol", error: error as Error });
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.over) this.user.onResponseChunk(chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    const { over } = this;
    const connection = this.connection as TargetConnection;
    const trailers = controller.rawTrailers as Buffer[];
    connection.responses += 1;
    if (haveHopByHop(trailers)) connection.abandon();
    this.over = true;
    // Whoever resumes it late must not resume what the connection carries by then.
    this.controller = undefined;
    this.release();
    if (!over) this.user.onResponseComplete(trailers.length === 0 ? undefined : readTrailers(trailers));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.controller = undefined;
    if (!this.over && this.isStale(error)) {
      this.retried = true;
      this.request.upload?.rewind();
      // The connection's socket is gone: the same place opens a fresh one. Not in the middle of undici's own clean-up.
      queueMicrotask(() => (this.over ? this.release() : this.dispatch()));
      return;
    }
    this.release();
    this.fail(failureOf(error));
  }

  private dispatch(): void {
    const { method, path, headers, upload, upgrade } = this.request;
    this.isSent = false;
    (this.connection as TargetConnection).dispatch(
      {
        path,
        method,
        headers,
        body: upload?.body,
        servername: this.pool.servername,
        // undici would close it after HEAD too, lest a body follow; that is seen before the connection is used again.
        reset: upload !== undefined && isBodyUnexpected(method),
        blocking: false,
        upgrade,
      },
      this,
    );
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
    const { connection } = this;
    this.connection = undefined;
    if (connection !== undefined) this.pool.release(connection);
  }
}
