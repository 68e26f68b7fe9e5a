import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { type buildConnector, Client, type Dispatcher } from "undici";
import { connector } from "./connect.ts";
import type { ForwardProxy, RawHeaders, Target, TargetOptions } from "./door.ts";
import type { RequestBody } from "./request-body.ts";
import { renameContinue } from "./unasked-continue.ts";

/** A call that wants a connection. */
export interface Caller {
  /** Its turn has come. */
  onConnection(connection: TargetConnection): void;
}

/** What undici takes; its types know neither our body nor the server name. */
interface Call {
  path: string;
  method: string;
  headers: RawHeaders;
  body: RequestBody | Buffer | undefined;
  servername: string;
  reset: boolean;
  blocking: boolean;
  upgrade: string | undefined;
}

/** One connection to the target, or the place for one: undici opens it again when it was closed. */
export class TargetConnection {
  readonly client: Client;
  connected = false;
  /** Responses that this TCP connection has carried. Only one that has carried some can have gone stale. */
  responses = 0;
  /** A request was written and no final response head was read yet. */
  awaitsHead = false;
  private socket: Socket | undefined = undefined;

  constructor(origin: string, connect: buildConnector.connector, options: Client.Options) {
    const awaitsHead = () => this.awaitsHead;
    this.client = new Client(origin, {
      ...options,
      connect: (where, done) =>
        connect(where, (...result) => {
          if (result[0] === null) {
            this.socket = result[1];
            renameContinue(result[1], awaitsHead);
          }
          done(...result);
        }),
    });
    this.client.on("connect", () => {
      this.connected = true;
      this.responses = 0;
    });
    this.client.on("disconnect", () => {
      this.connected = false;
    });
    // Every failure reaches the call it belongs to; what has none (an idle connection) must not end the process.
    (this.client as EventEmitter).on("error", () => undefined);
  }

  dispatch(call: Call, handler: Dispatcher.DispatchHandler): void {
    this.client.dispatch(call as Dispatcher.DispatchOptions, handler);
  }

  /** What comes next on it can't be trusted: the next call opens a fresh one in its place. */
  abandon(): void {
    this.socket?.destroy();
  }
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
  /** The proxy that is asked for the target in every request, where it does not open connections to it. */
  private readonly asked: ForwardProxy | undefined;
  private readonly connect: buildConnector.connector;
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
    this.connect = connector(options);
    this.asked = url.protocol === "http:" ? options.proxy : undefined;
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

  /** The path as it stands in the request line (RFC 9112, 3.2). */
  requestTarget(path: string): string {
    return this.asked === undefined ? path : this.origin + path;
  }

  /** The headers as they leave. */
  outbound(headers: RawHeaders): RawHeaders {
    const { authorization } = this.asked ?? {};
    return authorization === undefined ? headers : [...headers, "Proxy-Authorization", authorization];
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
    await Promise.all(this.all.map(({ client }) => client.close()));
  }

  async destroy(): Promise<void> {
    this.closed ??= [];
    // An upgraded connection is none of undici's any more.
    for (const connection of this.all) connection.abandon();
    await Promise.all(this.all.map(({ client }) => client.destroy()));
  }

  private free(): TargetConnection | undefined {
    for (let connection = this.warm.pop(); connection !== undefined; connection = this.warm.pop()) {
      if (connection.connected) return connection;
      this.cold.push(connection);
    }
    const cold = this.cold.pop();
    if (cold !== undefined) return cold;
    if (this.all.length >= this.maxConnections) return undefined;
    const connection = new TargetConnection(this.origin, this.connect, this.clientOptions);
    this.all.push(connection);
    return connection;
  }
}
