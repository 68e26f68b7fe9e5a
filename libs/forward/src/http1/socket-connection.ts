import type { Socket } from "node:net";
import type { TargetCall, TargetRequest } from "../target-call.ts";
import { type ConnectionOwner, Http2Agreed, isHttp2, type TargetConnection } from "../target-connection.ts";
import { isBodyUnexpected } from "../upload.ts";
import { onread } from "./read-buffer.ts";
import { TargetClient, type TargetClientOptions } from "./target-client.ts";

type Done = (error: Error | undefined, socket?: Socket) => void;

/** A place for a connection to a target, on our own sockets. */
export class SocketConnection implements TargetConnection {
  readonly brokenBy: undefined = undefined;
  private readonly owner: ConnectionOwner;
  private readonly options: Omit<TargetClientOptions, "connect">;
  private readonly client: TargetClient;
  /** For upgrades, where the other connections are not to the target itself, or may be of HTTP/2. */
  private directClient: TargetClient | undefined = undefined;
  private openedAt = 0;

  constructor(owner: ConnectionOwner, options: Omit<TargetClientOptions, "connect">) {
    this.owner = owner;
    this.options = options;
    this.client = new TargetClient({ ...options, connect: (done) => this.open(false, done) });
  }

  get connected(): boolean {
    return this.client.isConnected;
  }

  get responses(): number {
    return this.client.responses;
  }

  isOlderThan(ms: number): boolean {
    return this.connected && performance.now() - this.openedAt > ms;
  }

  // Only undici has to be told.
  onRequest(): void {}
  onResponse(): void {}

  dispatch({ method, path, headers, upload, upgrade }: TargetRequest, call: TargetCall): void {
    const { connector, protocols } = this.owner;
    const request = {
      method,
      path,
      headers,
      piece: upload?.piece,
      body: upload?.outgoing(),
      reset: upload !== undefined && isBodyUnexpected(method),
      upgrade,
    };
    let { client } = this;
    if (upgrade === undefined) {
      if (connector.isProxied) connector.addressToProxy(request);
    } else if (connector.isProxied || protocols.includes("h2")) client = this.direct();
    client.dispatch(request, call);
  }

  abandon(): void {
    this.client.abandon();
    this.directClient?.abandon();
  }

  async close(): Promise<void> {
    this.client.close();
    this.directClient?.close();
  }

  async destroy(): Promise<void> {
    this.abandon();
    this.client.destroy();
    this.directClient?.destroy();
  }

  private direct(): TargetClient {
    this.directClient ??= new TargetClient({ ...this.options, connect: (done) => this.open(true, done) });
    return this.directClient;
  }

  private open(isDirect: boolean, done: Done): void {
    const { owner } = this;
    const protocols = isDirect ? ["http/1.1"] : owner.protocols;
    owner.connector.open({ protocols, isDirect, onread }, (error, socket) => {
      if (socket === null) done(error ?? new Error("no connection could be opened"));
      else if (isHttp2(socket)) {
        owner.onHttp2(socket);
        done(new Http2Agreed("the target speaks HTTP/2"));
      } else {
        this.openedAt = performance.now();
        done(undefined, socket);
        if (!isDirect) owner.onHttp1(this);
      }
    });
  }
}
