import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { type buildConnector, Client, type Dispatcher } from "undici";
import type { Connector } from "./connector.ts";
import type { RawHeaders } from "./door.ts";
import type { RequestBody } from "./request-body.ts";
import { renameContinue } from "./unasked-continue.ts";

/** What undici takes; its types know neither our body nor the server name. */
export interface ConnectionCall {
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
  connected = false;
  /** Responses that this TCP connection has carried. Only one that has carried some can have gone stale. */
  responses = 0;
  /** A request was written and no final response head was read yet. */
  awaitsHead = false;
  private readonly origin: string;
  private readonly connector: Connector;
  private readonly options: Client.Options;
  private readonly client: Client;
  /** For upgrades, where the other connections are not to the target itself. */
  private directClient: Client | undefined = undefined;
  private socket: Socket | undefined = undefined;
  private openedAt = 0;

  constructor(origin: string, connector: Connector, options: Client.Options) {
    this.origin = origin;
    this.connector = connector;
    this.options = options;
    this.client = this.createClient(false);
  }

  /** Its target's name may well lead elsewhere by now. */
  isOlderThan(ms: number): boolean {
    return this.connected && performance.now() - this.openedAt > ms;
  }

  dispatch(call: ConnectionCall, handler: Dispatcher.DispatchHandler): void {
    const { connector } = this;
    let { client } = this;
    if (connector.isProxied) {
      if (call.upgrade === undefined) connector.addressToProxy(call);
      else client = this.directClient ??= this.createClient(true);
    }
    client.dispatch(call as Dispatcher.DispatchOptions, handler);
  }

  /** What comes next on it can't be trusted: the next call opens a fresh one in its place. */
  abandon(): void {
    this.socket?.destroy();
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.directClient?.close()]);
  }

  async destroy(): Promise<void> {
    // An upgraded connection is none of undici's any more.
    this.abandon();
    await Promise.all([this.client.destroy(), this.directClient?.destroy()]);
  }

  private createClient(isDirect: boolean): Client {
    const awaitsHead = () => this.awaitsHead;
    const client = new Client(this.origin, {
      ...this.options,
      connect: (_where, done) =>
        this.connector.open({ protocols: ["http/1.1"], isDirect }, (error, socket) => {
          if (socket !== null) {
            this.socket = socket;
            renameContinue(socket, awaitsHead);
          }
          done(...([error, socket] as Parameters<buildConnector.Callback>));
        }),
    });
    client.on("connect", () => {
      this.connected = true;
      this.openedAt = performance.now();
      this.responses = 0;
    });
    client.on("disconnect", () => {
      this.connected = false;
    });
    // Every failure reaches the call it belongs to; what has none (an idle connection) must not end the process.
    (client as EventEmitter).on("error", () => undefined);
    return client;
  }
}
