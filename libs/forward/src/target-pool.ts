import type { Client } from "undici";
import { Connector } from "./connector.ts";
import type { Target, TargetOptions } from "./door.ts";
import { TargetConnection } from "./target-connection.ts";

/** A call that wants a connection. */
export interface Caller {
  /** Its turn has come. */
  onConnection(connection: TargetConnection): void;
}

/**
 * The connections of one target: at most so many, last used first, and a bounded first-come queue when all are busy.
 * One request at a time per connection, so that no answer waits behind another's.
 */
export class TargetPool implements Target {
  readonly origin: string;
  /** Set on every call: undici would otherwise derive it from Host, which need not be the server's identity. */
  readonly servername: string;
  inFlight = 0;
  private readonly connector: Connector;
  private readonly maxAgeMs: number;
  private readonly clientOptions: Client.Options;
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
    this.clientOptions = {
      pipelining: 1,
      // Limits in time are kept by the listener's sweep; a timer per request costs too much.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: options.keepAliveTimeoutMs ?? 4_000,
      // A connection is given up so long before the target said that it would.
      keepAliveTimeoutThreshold: 1_000,
      maxHeaderSize: 1024 * 1024,
      allowH2: false,
    };
  }

  /** False when the queue is full or the pool is closed. */
  acquire(caller: Caller): boolean {
    if (this.closed !== undefined) return false;
    const connection = this.free();
    if (connection !== undefined) {
      this.inFlight += 1;
      caller.onConnection(connection);
      return true;
    }
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

  release(connection: TargetConnection): void {
    if (connection.isOlderThan(this.maxAgeMs)) connection.abandon();
    if (this.queueHead < this.queue.length) {
      const caller = this.queue[this.queueHead] as Caller;
      this.queueHead += 1;
      if (this.queueHead > 64) {
        this.queue.splice(0, this.queueHead);
        this.queueHead = 0;
      }
      caller.onConnection(connection);
      return;
    }
    this.inFlight -= 1;
    (connection.connected ? this.warm : this.cold).push(connection);
    if (this.inFlight === 0 && this.closed !== undefined) for (const done of this.closed.splice(0)) done();
  }

  async close(): Promise<void> {
    this.closed ??= [];
    if (this.inFlight > 0) await new Promise<void>((resolve) => this.closed?.push(resolve));
    await Promise.all(this.all.map((connection) => connection.close()));
  }

  async destroy(): Promise<void> {
    this.closed ??= [];
    await Promise.all(this.all.map((connection) => connection.destroy()));
  }

  private free(): TargetConnection | undefined {
    for (let connection = this.warm.pop(); connection !== undefined; connection = this.warm.pop()) {
      if (connection.connected) return connection;
      this.cold.push(connection);
    }
    const cold = this.cold.pop();
    if (cold !== undefined) return cold;
    if (this.all.length >= this.maxConnections) return undefined;
    const connection = new TargetConnection(this.origin, this.connector, this.clientOptions);
    this.all.push(connection);
    return connection;
  }
}
