import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from "node:tls";
import type { Listener, ListenerOptions, ListenerTls } from "../door.ts";
import { Http2Connection, http2Options } from "../http2/connection.ts";
import { endWith, hangUp } from "../last-answer.ts";
import type { ListenerState } from "../listener-state.ts";
import { protocols, secureOptions } from "../listener-tls.ts";
import { malformationOf } from "../malformed.ts";
import { ServerExchange } from "../server-exchange.ts";
import { Sweep } from "../sweep.ts";
import { TlsClients } from "../tls-clients.ts";
import { withOwnReads } from "./accept.ts";
import { ServerConnection, type ServerConnectionOptions } from "./server-connection.ts";

const socketOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

/** The listener on sockets. */
export async function listenOnSockets(options: ListenerOptions, state: ListenerState): Promise<Listener> {
  const { tls } = options;
  const sockets = new Set<Socket>();
  const connections = new Set<ServerConnection | Http2Connection>();
  const clients = tls === undefined ? undefined : new TlsClients(tls);
  const shared: ServerConnectionOptions = {
    maxHeaderBytes: options.maxHeaderBytes ?? 1024 * 1024,
    headersTimeoutMs: options.headersTimeoutMs ?? 60_000,
    keepAliveTimeoutMs: options.keepAliveTimeoutMs ?? 75_000,
    upgrades: options.upgrades ?? false,
    idle: new Sweep(),
    isDraining: () => state.draining,
    onRequest: (connection) => new ServerExchange(connection, state).start(),
    onMalformed(connection, error) {
      const kind = malformationOf(error);
      const { isAnswered, socket } = connection;
      const isPossible = connection.refuse();
      // Behind the request that was to be its last, as a trailer may say, a client gets no answer more. And one that has its
      // answer gets to it, whatever else it sends.
      if (isAnswered || (error.code === "HPE_CLOSED_CONNECTION" && isPossible)) hangUp(socket);
      else if (isPossible && kind !== undefined) endWith(socket, state.malformed(kind));
      else socket.destroy();
    },
    onClosed: (connection) => connections.delete(connection),
  };
  const take = (socket: Socket): void => {
    if (state.draining) socket.destroy();
    else connections.add(new ServerConnection(socket, shared));
  };
  const server = tls === undefined ? createServer(socketOptions) : createTls(options, tls);
  // Also those that never finish their TLS handshake.
  server.on("connection", (accepted: Socket) => {
    const socket = tls === undefined ? withOwnReads(accepted) : accepted;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    if (tls === undefined) take(socket);
  });
  const http2 = http2Options(options, state, (closed) => connections.delete(closed));
  server.on("secureConnection", (socket: TLSSocket) => {
    if (state.draining || !clients?.admits(socket)) socket.destroy();
    else if (socket.alpnProtocol === "h2") connections.add(new Http2Connection(socket, http2));
    else take(socket);
  });
  // A handshake that fails is its client's affair.
  server.on("tlsClientError", (_error, socket: Socket) => socket.destroy());

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: options.port, host: options.host, backlog: options.backlog ?? 4096 }, resolve);
  });
  // Accepting may fail later (no file descriptors left); the listener lives on and accepts again.
  server.on("error", () => undefined);
  return running(server, state, sockets, connections, clients);
}

function running(
  server: Server,
  state: ListenerState,
  sockets: ReadonlySet<Socket>,
  connections: ReadonlySet<ServerConnection | Http2Connection>,
  clients: TlsClients | undefined,
): Listener {
  const { port } = server.address() as AddressInfo;
  // From now on, because a drain that finds nothing open ends the server before anybody calls stop.
  const closed = new Promise<void>((resolve) => server.once("close", () => resolve()));
  const drain = (): void => {
    if (state.draining) return;
    state.draining = true;
    state.ending = true;
    server.close();
    for (const connection of connections) connection.drain();
  };
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    get inFlight() {
      return state.sweep.size;
    },
    announceEnd() {
      state.ending = true;
      for (const connection of connections) connection.announceEnd();
    },
    drain,
    setTls(next) {
      (server as TlsServer).setSecureContext(secureOptions(next));
      clients?.replace(next, connections);
    },
    async stop(deadline) {
      drain();
      if (deadline?.aborted) breakAll();
      deadline?.addEventListener("abort", breakAll, { once: true });
      // Sockets whose handle has moved are not known to the server: it may be closed before they are.
      await Promise.all([closed, ...[...sockets].map(closedSocket)]);
      clients?.stop();
      deadline?.removeEventListener("abort", breakAll);
    },
  };
}

function closedSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once("close", () => resolve());
  });
}

function createTls(options: ListenerOptions, tls: ListenerTls): Server {
  return createTlsServer({
    ...socketOptions,
    ...secureOptions(tls),
    requestCert: tls.requestCert ?? false,
    rejectUnauthorized: tls.rejectUnauthorized ?? true,
    ALPNProtocols: protocols(options),
    handshakeTimeout: options.headersTimeoutMs ?? 60_000,
  });
}
