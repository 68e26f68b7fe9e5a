import { createSecureContext, type TLSSocket } from "node:tls";
import { buildConnector } from "undici";
import { type CheckAddress, checkedLookup, refusedLiteral } from "./checked-lookup.ts";
import type { ForwardProxy, TargetOptions, TargetTls } from "./door.ts";
import { hostOf, openTunnel, portOf, type TunnelOptions } from "./forward-proxy.ts";
import { unpinned } from "./key-pins.ts";

type Connector = buildConnector.connector;

/**
 * How connections to a target are opened: with its own identity, trust and rules, prepared once. A certificate or key
 * that can't be read throws.
 */
export function connector(options: TargetOptions): Connector {
  const { origin, tls, checkAddress } = options;
  const url = new URL(origin);
  const timeout = options.connectTimeoutMs ?? 10_000;
  const lookup = checkAddress && checkedLookup(checkAddress);
  const common = { timeout, allowH2: false, ...(lookup && { lookup }) };
  const direct = buildConnector({ ...common, ...secured(url, tls) });
  const own = withPins(withServername(direct, tls?.servername), tls?.pins);
  if (options.proxy === undefined) return withCheck(own, checkAddress);
  const { proxy } = options;
  if (url.protocol === "https:")
    return withCheck(throughTunnel(own, url, proxy, { timeoutMs: timeout, lookup }), checkAddress, proxy);
  const toProxy = buildConnector(common);
  return withCheck(inPlaceOf(toProxy, proxy), checkAddress, proxy);
}

function secured({ protocol }: URL, tls: TargetTls = {}) {
  if (protocol !== "https:") return {};
  const secureContext = createSecureContext({
    minVersion: "TLSv1.2",
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  });
  // A resumed session shows no certificate whose key could be looked at.
  const sessions = tls.pins === undefined ? {} : { maxCachedSessions: 0 };
  return { secureContext, rejectUnauthorized: tls.rejectUnauthorized ?? true, ...sessions };
}

/** undici would take the name from the Host header. */
function withServername(connect: Connector, servername: string | undefined): Connector {
  return (where, done) => {
    const { servername: _, ...own } = where;
    connect(servername === undefined ? own : { ...own, servername }, done);
  };
}

function withPins(connect: Connector, pins: readonly string[] | undefined): Connector {
  if (pins === undefined) return connect;
  return (where, done) => {
    connect(where, (...result) => {
      const [failure, socket] = result;
      if (failure !== null || where.protocol !== "https:") return done(...result);
      const error = unpinned(socket as TLSSocket, pins);
      if (error === undefined) return done(...result);
      socket.destroy();
      done(error, null);
    });
  };
}

/** An address in the place of a name is not looked up, so it is looked at here. */
function withCheck(connect: Connector, check: CheckAddress | undefined, proxy?: ForwardProxy): Connector {
  if (check === undefined) return connect;
  return (where, done) => {
    const error = refusedLiteral(proxy === undefined ? where.hostname : hostOf(new URL(proxy.origin)), check);
    if (error === undefined) connect(where, done);
    // Not within the call: nobody expects to be called back before it returns.
    else process.nextTick(done, error, null);
  };
}

/** TLS with the target, over a connection that the proxy has opened to it. */
function throughTunnel(
  connect: Connector,
  url: URL,
  proxy: ForwardProxy,
  options: Omit<TunnelOptions, "authority">,
): Connector {
  const authority = `${url.hostname}:${portOf(url)}`;
  return (where, done) => {
    openTunnel(proxy, { ...options, authority }, (error, socket) => {
      if (socket === undefined) done(error ?? new Error("there is no tunnel"), null);
      else connect({ ...where, httpSocket: socket }, done);
    });
  };
}

/** The proxy's own connections: it is asked for the target in every request. */
function inPlaceOf(connect: Connector, { origin }: ForwardProxy): Connector {
  const url = new URL(origin);
  const there = { hostname: hostOf(url), host: url.host, protocol: url.protocol, port: portOf(url) };
  return (_, done) => connect(there, done);
}
