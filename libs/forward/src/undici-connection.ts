import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { type buildConnector, Client, type Dispatcher } from "undici";
import type { RawHeaders } from "./door.ts";
import type { RequestBody } from "./request-body.ts";
import type { TargetCall, TargetRequest } from "./target-call.ts";
import { type ConnectionOwner, Http2Agreed, isHttp2, type TargetConnection } from "./target-connection.ts";
import { ContinueRenamer } from "./unasked-continue.ts";
import { isBodyUnexpected } from "./upload.ts";

/** What undici takes; its types know neither our body nor the server name. */
interface ConnectionCall {
  path: string;
  method: string;
  headers: RawHeaders;
  body: RequestBody | Buffer | undefined;
  servername: string;
  reset: boolean;
  blocking: boolean;
  upgrade: string | undefined;
}

/** The first engine's connection: undici opens it again when it was closed. */
export class UndiciConnection implements TargetConnection {
  connected = false;
  responses = 0;
  brokenBy: Error | undefined = undefined;
  private readonly owner: ConnectionOwner;
  private readonly options: Client.Options;
  private readonly client: Client;
  /** For upgrades, where the other connections are not to the target itself, or may be of HTTP/2. */
  private directClient: Client | undefined = undefined;
  private readonly continues: ContinueRenamer = new ContinueRenamer();
  private socket: Socket | undefined = undefined;
  private openedAt = 0;

  constructor(owner: ConnectionOwner, options: Client.Options) {
    this.owner = owner;
    this.options = options;
    this.client = this.createClient(false);
  }

  isOlderThan(ms: number): boolean {
    return this.connected && performance.now() - this.openedAt > ms;
  }

  onRequest(): void {
    this.continues.begin();
  }

  onResponse(): void {
    this.responses += 1;
  }

  dispatch({ method, path, headers, upload, upgrade }: TargetRequest, handler: TargetCall): void {
    const { connector, protocols, servername } = this.owner;
    const call: ConnectionCall = {
      path,
      method,
      headers,
      body: upload?.body,
      // undici would otherwise derive it from Host, which need not be the server's identity.
      servername,
      // undici would close it after HEAD too, lest a body follow; that is seen before the connection is used again.
      reset: upload !== undefined && isBodyUnexpected(method),
      blocking: false,
      upgrade,
    };
    let { client } = this;
    if (call.upgrade === undefined) {
      if (connector.isProxied) connector.addressToProxy(call);
    } else if (connector.isProxied || protocols.includes("h2")) client = this.directClient ??= this.createClient(true);
    client.dispatch(call as Dispatcher.DispatchOptions, handler);
  }

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
    const { owner } = this;
    const connect: buildConnector.connector = (_where, done) => {
      const protocols = isDirect ? ["http/1.1"] : owner.protocols;
      owner.connector.open({ protocols, isDirect }, (error, socket) => {
        if (socket === null) done(error as Error, null);
        else if (isHttp2(socket)) {
          owner.onHttp2(socket);
          done(new Http2Agreed("the target speaks HTTP/2"), null);
        } else {
          this.socket = socket;
          this.brokenBy = undefined;
          // Before undici hears of it.
          socket.on("error", (error) => {
            this.brokenBy = error;
          });
          this.continues.watch(socket);
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
