import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
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

/** What places for connections have in common. */
export interface ConnectionOwner {
  readonly origin: string;
  readonly connector: Connector;
  /** What to offer in the handshake. */
  readonly protocols: readonly string[];
  /** A connection of HTTP/1.1 is open in this place. */
  onHttp1(connection: TargetConnection): void;
  /** The connection that was opened is one of HTTP/2: not for this place. */
  onHttp2(socket: Socket): void;
}

/** The error of a request that has waited for a connection, which turned out to be one of HTTP/2. */
export class Http2Agreed extends Error {
  override readonly name = "Http2Agreed";
  readonly code = "HTTP2_AGREED";
}

/** One connection to the target, or the place for one: undici opens it again when it was closed. */
export class TargetConnection {
  connected = false;
  /** Responses that this TCP connection has carried. Only one that has carried some can have gone stale. */
  responses = 0;
  /** A request was written and no final response head was read yet. */
  awaitsHead = false;
  private readonly owner: ConnectionOwner;
  private readonly options: Client.Options;
  private readonly client: Client;
  /** For upgrades, where the other connections are not to the target itself, or may be of HTTP/2. */
  private directClient: Client | undefined = undefined;
  private socket: Socket | undefined = undefined;
  private openedAt = 0;

  constructor(owner: ConnectionOwner, options: Client.Options) {
    this.owner = owner;
    this.options = options;
    this.client = this.createClient(false);
  }

  /** Its target's name may well lead elsewhere by now. */
  isOlderThan(ms: number): boolean {
    return this.connected && performance.now() - this.openedAt > ms;
  }

  dispatch(call: ConnectionCall, handler: Dispatcher.DispatchHandler): void {
    const { connector, protocols } = this.owner;
    let { client } = this;
    if (call.upgrade === undefined) {
      if (connector.isProxied) connector.addressToProxy(call);
    } else if (connector.isProxied || protocols.includes("h2")) client = this.directClient ??= this.createClient(true);
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
    const { owner } = this;
    const connect: buildConnector.connector = (_where, done) => {
      const protocols = isDirect ? ["http/1.1"] : owner.protocols;
      owner.connector.open({ protocols, isDirect }, (error, socket) => {
        if (socket === null) done(error as Error, null);
        else if (socket instanceof TLSSocket && socket.alpnProtocol === "h2") {
          owner.onHttp2(socket);
          done(new Http2Agreed("the target speaks HTTP/2"), null);
        } else {
          this.socket = socket;
          renameContinue(socket, awaitsHead);
          done(null, socket);
        }
      });
    };
    const client = new Client(owner.origin, { ...this.options, connect });
    client.on("connect", () => {
      this.connected = true;
      this.openedAt = performance.now();
      this.responses = 0;
      if (!isDirect) owner.onHttp1(this);
    });
    client.on("disconnect", () => {
      this.connected = false;
    });
    // Every failure reaches the call it belongs to; what has none (an idle connection) must not end the process.
    (client as EventEmitter).on("error", () => undefined);
    return client;
  }
}
