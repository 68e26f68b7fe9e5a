import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from "node:net";
import { connect as connectTls, type SecureContext, type TLSSocket } from "node:tls";
import { checkedLookup, refusedLiteral } from "./checked-lookup.ts";
import type { ForwardProxy, RawHeaders, TargetOptions } from "./door.ts";
import { FailingAddresses } from "./failing-addresses.ts";
import { hostOf, openTunnel, portOf } from "./forward-proxy.ts";
import { unpinned } from "./key-pins.ts";
import { secureContextOf } from "./secure-context.ts";

type Done = (error: Error | null, socket: Socket | null) => void;

/** What one connection is for. */
export interface ConnectionWish {
  /** Offered in the TLS handshake, the first wanted most. */
  readonly protocols: readonly string[];
  /** Through a proxy too it is a connection to the target itself, and not one to a proxy that makes the requests. */
  readonly isDirect: boolean;
  /** How a plain connection is read, where that is not as usual. */
  readonly onread?: OnReadOpts;
}

const keepAliveDelayMs = 60_000;

/** Opens connections with the target's own identity, trust and way; what can be prepared is prepared once. */
export class Connector {
  private readonly options: TargetOptions;
  private readonly url: URL;
  /** Without the brackets of an IPv6 address. */
  private readonly host: string;
  private readonly port: number;
  private readonly proxy: URL | undefined;
  private readonly context: SecureContext | undefined;
  private readonly lookup: ReturnType<typeof checkedLookup>;
  /** Of the target, or of the proxy on the way to it. */
  private readonly failing = new FailingAddresses();
  /** Of the last handshake: the next one is shorter with it. */
  private session: Buffer | undefined = undefined;

  constructor(options: TargetOptions) {
    const { origin, tls = {}, proxy, checkAddress } = options;
    this.options = options;
    this.url = new URL(origin);
    this.host = hostOf(this.url);
    this.port = portOf(this.url);
    this.proxy = proxy === undefined ? undefined : new URL(proxy.origin);
    this.context = this.url.protocol === "https:" ? secureContextOf(tls) : undefined;
    this.lookup = checkedLookup(checkAddress, this.failing);
  }

  /** Requests go to a proxy, which is told in each of them whom they are for. */
  get isProxied(): boolean {
    return this.proxy !== undefined && this.context === undefined;
  }

  /** Changes a request for the target into one for the proxy that makes it (RFC 9112, 3.2.2). */
  addressToProxy(request: { path: string; headers: RawHeaders }): void {
    const { authorization } = this.options.proxy ?? {};
    request.path = this.url.origin + request.path;
    if (authorization !== undefined) request.headers = [...request.headers, "Proxy-Authorization", authorization];
  }

  open(wish: ConnectionWish, done: Done): void {
    const { connectTimeoutMs = 10_000, checkAddress } = this.options;
    const refused =
      checkAddress && refusedLiteral(this.proxy === undefined ? this.host : hostOf(this.proxy), checkAddress);
    if (refused !== undefined) {
      // Not within the call: nobody expects to be called back before it returns.
      process.nextTick(done, refused, null);
      return;
    }
    let current: Socket | undefined;
    let isOver = false;
    const finish: Done = (error, socket) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      if (error !== null) current?.destroy();
      else this.failing.works(socket?.remoteAddress);
      done(error, socket);
    };
    const timer = setTimeout(() => {
      // What has an address by now was connected, and has not answered the handshake. One behind a proxy has the proxy's.
      if (this.proxy === undefined) this.failing.failed(current?.remoteAddress);
      finish(new ConnectTimeout(`no connection within ${connectTimeoutMs} ms`), null);
    }, connectTimeoutMs);
    current = this.dial(wish, finish, (socket) => {
      current = socket;
    });
  }

  /** Step by step: TCP, TLS with the proxy, the way through it, TLS with the target. `replace` is told of each socket. */
  private dial(wish: ConnectionWish, done: Done, replace: (socket: Socket) => void): Socket {
    const { proxy } = this;
    const options = {
      host: proxy === undefined ? this.host : hostOf(proxy),
      port: proxy === undefined ? this.port : portOf(proxy),
      lookup: this.lookup,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveDelayMs,
      highWaterMark: 64 * 1024,
      // What speaks TLS, or to a proxy, is read by somebody else first.
      ...(wish.onread !== undefined && this.context === undefined && proxy === undefined
        ? { onread: wish.onread }
        : {}),
    };
    const socket = connectTcp(options);
    socket.on("error", (error) => done(error, null));
    const failed = (address: string): void => this.failing.failed(address);
    socket.on("connectionAttemptFailed", failed).on("connectionAttemptTimeout", failed);
    const secure = (over: Socket): void => {
      if (this.context === undefined) done(null, over);
      else replace(this.handshake(over, wish, done));
    };
    const proceed = (over: Socket): void => {
      if (proxy === undefined || (this.isProxied && !wish.isDirect)) {
        secure(over);
        return;
      }
      const authority = `${this.url.hostname}:${this.port}`;
      openTunnel(over, this.options.proxy as ForwardProxy, authority, (error) => {
        if (error === undefined) secure(over);
        else done(error, null);
      });
    };
    socket.once("connect", () => {
      if (proxy?.protocol !== "https:") {
        proceed(socket);
        return;
      }
      const host = hostOf(proxy);
      const shown = connectTls({ socket, host, ...(isIP(host) === 0 ? { servername: host } : {}) });
      shown.on("error", (error) => done(error, null));
      shown.once("secureConnect", () => proceed(shown));
      replace(shown);
    });
    return socket;
  }

  private handshake(over: Socket, { protocols }: ConnectionWish, done: Done): TLSSocket {
    const { tls = {} } = this.options;
    const name = tls.servername ?? this.host;
    const socket = connectTls({
      socket: over,
      host: name,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(this.session === undefined ? {} : { session: this.session }),
      secureContext: this.context as SecureContext,
      rejectUnauthorized: tls.rejectUnauthorized ?? true,
      ALPNProtocols: [...protocols],
    });
    if (this.proxy === undefined) {
      const address = over.remoteAddress;
      const failed = (): void => this.failing.failed(address);
      socket.once("error", failed).once("secureConnect", () => socket.off("error", failed));
    }
    // A resumed session shows no certificate whose key could be looked at.
    if (tls.pins === undefined) socket.on("session", (session) => this.keep(session));
    socket.on("error", (error) => done(error, null));
    socket.once("secureConnect", () => {
      const error = tls.pins && unpinned(socket, tls.pins);
      if (error === undefined) done(null, socket);
      else done(error, null);
    });
    return socket;
  }

  private keep(session: Buffer): void {
    this.session = session;
  }
}

class ConnectTimeout extends Error {
  override readonly name = "ConnectTimeout";
  readonly code = "CONNECT_TIMEOUT";
}
