import type { Socket } from "node:net";
import type { Client } from "undici";
import { Connector } from "./connector.ts";
import type { Target, TargetOptions } from "./door.ts";
import { defaultEngine } from "./engine.ts";
import { SocketConnection } from "./http1/socket-connection.ts";
import type { TargetSession } from "./http2/target-session.ts";
import { TargetSessions } from "./http2/target-sessions.ts";
import type { ConnectionOwner, TargetConnection } from "./target-connection.ts";
import { UndiciConnection } from "./undici-connection.ts";

const maxHeaderBytes = 1024 * 1024;
const onlyHttp1 = ["http/1.1"];

/** A call that wants a connection. */
export interface Caller {
  /** HTTP/2 has no place for what it wants. */
  readonly needsHttp1: boolean;
  /** Its turn has come. */
  onConnection(connection: TargetConnection): void;
  /** Its turn has come, on a connection of HTTP/2. */
  onSession(session: TargetSession): void;
}

/**
 * The connections of one target: at most so many, last used first, and a bounded first-come queue when all are busy.
 * One request at a time per connection, so that no answer waits behind another's; where the target speaks HTTP/2, few
 * connections for as many requests.
 */
export class TargetPool implements Target, ConnectionOwner {
  readonly origin: string;
  /** Set on every call: undici would otherwise derive it from Host, which need not be the server's identity. */
  readonly servername: string;
  inFlight = 0;
  readonly connector: Connector;
  /** Undefined: HTTP/2 is never offered. */
  private readonly http2: TargetSessions | undefined;
  private readonly maxAgeMs: number;
  private readonly create: () => TargetConnection;
  private readonly maxConnections: number;
  private readonly maxQueued: number;
  private readonly all: TargetConnection[] = [];
  /** Free and (as far as known) open; the last used is on top. */
  private readonly warm: TargetConnection[] = [];
  /** Free and closed. */
  private readonly cold: TargetConnection[] = [];
  private readonly queue: Caller[] = [];
  private queueHead = 0;
  private closed: (() => void)[] | undefined = undefined;

  constructor(options: TargetOptions) {
    const url = new URL(options.origin);
    this.origin = url.origin;
    this.servername = options.tls?.servername ?? url.hostname;
    this.maxConnections = options.maxConnections ?? 128;
    this.maxQueued = options.maxQueued ?? 1024;
    this.maxAgeMs = options.maxConnectionAgeMs ?? 600_000;
    this.connector = new Connector(options);
    const sessions = {
      origin: this.origin,
      maxHeaderBytes,
      keepAliveTimeoutMs: options.keepAliveTimeoutMs ?? 60_000,
      maxAgeMs: this.maxAgeMs,
    };
    const isOffered = url.protocol === "https:" && options.http2 !== false;
    this.http2 = isOffered ? new TargetSessions(sessions, () => this.serveQueue()) : undefined;
    const idleMs = options.keepAliveTimeoutMs ?? 4_000;
    const socketOptions = { maxHeaderBytes, keepAliveTimeoutMs: idleMs };
    const undiciOptions: Client.Options = {
      pipelining: 1,
      // Limits in time are kept by the listener's sweep; a timer per request costs too much.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: idleMs,
      // A connection is given up so long before the target said that it would.
      keepAliveTimeoutThreshold: 1_000,
      maxHeaderSize: maxHeaderBytes,
      allowH2: false,
    };
    this.create =
      (options.engine ?? defaultEngine) === "sockets"
        ? () => new SocketConnection(this, socketOptions)
        : () => new UndiciConnection(this, undiciOptions);
  }

  /** False when the queue is full or the pool is closed. */
  acquire(caller: Caller): boolean {
    if (this.closed !== undefined) return false;
    if (this.queue.length === this.queueHead && this.serve(caller)) return true;
    if (this.queue.length - this.queueHead >= this.maxQueued) return false;
    this.queue.push(caller);
    return true;
  }

  get isClosed(): boolean {
    return this.closed !== undefined;
  }

  /** Takes a caller out of the queue that will not wait any longer. */
  withdraw(caller: Caller): void {
    const index = this.queue.indexOf(caller, this.queueHead);
    if (index >= 0) this.queue.splice(index, 1);
  }

  /** A connection is free, or the place for one. */
  release(connection: TargetConnection): void {
    if (connection.isOlderThan(this.maxAgeMs)) connection.abandon();
    (connection.connected ? this.warm : this.cold).push(connection);
    this.http2?.opened(connection);
    this.leave();
  }

  /** A request on a connection of HTTP/2 is over. */
  releaseStream(): void {
    this.leave();
  }

  /** The connection that a caller has waited for speaks HTTP/2: it gets a part of it, before all who came later. */
  exchange(connection: TargetConnection, caller: Caller): void {
    this.queue.splice(this.queueHead, 0, caller);
    this.release(connection);
  }

  get protocols(): readonly string[] {
    return this.http2?.protocols ?? onlyHttp1;
  }

  onHttp1(connection: TargetConnection): void {
    if (this.http2 === undefined) return;
    this.http2.protocol = "http/1.1";
    this.http2.opened(connection);
    this.serveQueue();
  }

  onHttp2(socket: Socket): void {
    if (this.closed === undefined) this.http2?.add(socket);
    else socket.destroy();
  }

  /** The target wants no HTTP/2 after all. */
  refuseHttp2(): void {
    if (this.http2 === undefined || this.http2.isRefused) return;
    this.http2.isRefused = true;
    this.http2.protocol = "http/1.1";
    this.http2.retire();
  }

  async close(): Promise<void> {
    this.closed ??= [];
    if (this.inFlight > 0) await new Promise<void>((resolve) => this.closed?.push(resolve));
    this.http2?.retire();
    await Promise.all(this.all.map((connection) => connection.close()));
  }

  async destroy(): Promise<void> {
    this.closed ??= [];
    this.http2?.destroy();
    await Promise.all(this.all.map((connection) => connection.destroy()));
  }

  private leave(): void {
    this.inFlight -= 1;
    if (this.queue.length > 0) this.serveQueue();
    if (this.inFlight === 0 && this.closed !== undefined) for (const done of this.closed.splice(0)) done();
  }

  private serveQueue(): void {
    while (this.queueHead < this.queue.length) {
      const caller = this.queue[this.queueHead] as Caller;
      this.queueHead += 1;
      if (!this.serve(caller)) {
        this.queueHead -= 1;
        return;
      }
      if (this.queueHead > 64) {
        this.queue.splice(0, this.queueHead);
        this.queueHead = 0;
      }
    }
    // Nobody is left: those who were served are let go of.
    this.queue.length = 0;
    this.queueHead = 0;
  }

  private serve(caller: Caller): boolean {
    if (this.inFlight >= this.maxConnections) return false;
    const { http2 } = this;
    if (http2 !== undefined && !caller.needsHttp1) {
      const session = http2.pick();
      if (session !== undefined) {
        this.inFlight += 1;
        caller.onSession(session);
        return true;
      }
      if (http2.isOpening) return false;
    }
    const connection = this.free();
    if (connection === undefined) return false;
    if (!connection.connected && !caller.needsHttp1) http2?.opens(connection);
    this.inFlight += 1;
    caller.onConnection(connection);
    return true;
  }

  private free(): TargetConnection | undefined {
    for (let connection = this.warm.pop(); connection !== undefined; connection = this.warm.pop()) {
      if (connection.connected) return connection;
      this.cold.push(connection);
    }
    const cold = this.cold.pop();
    if (cold !== undefined) return cold;
    if (this.all.length >= this.maxConnections) return undefined;
    const connection = this.create();
    this.all.push(connection);
    return connection;
  }
}
