import { createServer, type ServerOptions } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { ClientConnection } from "./client-connection.ts";
import type { Answer, Listener, ListenerOptions, ListenerTls, Malformation } from "./door.ts";
import { Http2Connection, http2Options } from "./http2/connection.ts";
import { InboundRequest } from "./inbound-request.ts";
import { endWith, hangUp } from "./last-answer.ts";
import type { ListenerState } from "./listener-state.ts";
import { protocols, secureOptions } from "./listener-tls.ts";
import { malformationOf } from "./malformed.ts";
import { NodeStream } from "./node-stream.ts";
import { ServerExchange } from "./server-exchange.ts";
import { TlsClients } from "./tls-clients.ts";
import { wantedUpgrade } from "./upgrade.ts";
import { detachedResponse, mayUpgrade } from "./upgrade-request.ts";

/** The first engine's listener. */
export async function listenOnNode(options: ListenerOptions, state: ListenerState): Promise<Listener> {
  const { tls } = options;
  const { malformed } = state;
  const sockets = new Set<Socket>();
  const connections = new Set<ClientConnection | Http2Connection>();
  const clients = tls === undefined ? undefined : new TlsClients(tls);
  const server = tls === undefined ? createServer(serverOptions(options)) : createTls(options, tls);

  // A count would silently cut off what comes after it; the size is limited anyway.
  server.maxHeadersCount = 0;
  // Also those that never finish their TLS handshake.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const addConnection = (socket: Socket): void => {
    const connection = new ClientConnection(socket);
    connections.add(connection);
    socket.on("close", () => {
      connections.delete(connection);
      connection.closed();
    });
    if (state.draining) socket.destroy();
  };
  if (clients === undefined) server.on("connection", addConnection);
  else {
    const http2 = http2Options(options, state, (closed) => connections.delete(closed));
    takeOver(server as TlsServer, (socket, serve) => {
      if (state.draining || !clients.admits(socket)) socket.destroy();
      else if (socket.alpnProtocol === "h2") connections.add(new Http2Connection(socket, http2));
      else {
        addConnection(socket);
        serve();
      }
    });
  }
  server.on("request", (request: InboundRequest, response) => {
    const connection = ClientConnection.of(request.socket) as ClientConnection;
    const exchange = new ServerExchange(new NodeStream(request, response, connection), state);
    if (connection.enter(exchange)) exchange.start();
  });
  server.on("upgrade", (request: InboundRequest, socket: Socket, head: Buffer) => {
    const connection = ClientConnection.of(socket) as ClientConnection;
    const response = detachedResponse(request, socket, head);
    const stream = new NodeStream(request, response, connection, wantedUpgrade(request.rawHeaders));
    const exchange = new ServerExchange(stream, state);
    if (connection.enter(exchange)) exchange.start();
  });
  server.on("clientError", (error, socket) => refuse(error, socket as Socket, malformed));
  server.on("connect", (_request, socket) => rejectConnect(socket as Socket, malformed));

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: options.port, host: options.host, backlog: options.backlog ?? 4096 }, resolve);
  });
  // Accepting may fail later (no file descriptors left); the listener lives on and accepts again.
  server.on("error", () => undefined);

  // From now on, because a drain that finds nothing open ends the server before anybody calls stop.
  const closed = new Promise<void>((resolve) => server.once("close", resolve));
  const drain = () => {
    if (state.draining) return;
    state.draining = true;
    state.ending = true;
    server.close();
    for (const connection of connections) connection.drain();
  };
  return {
    port: (server.address() as AddressInfo).port,
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
      const breakAll = () => {
        for (const socket of sockets) socket.destroy();
      };
      if (deadline?.aborted) breakAll();
      deadline?.addEventListener("abort", breakAll, { once: true });
      await closed;
      clients?.stop();
      deadline?.removeEventListener("abort", breakAll);
    },
  };
}

function serverOptions(options: ListenerOptions): ServerOptions<typeof InboundRequest> {
  const headersTimeout = options.headersTimeoutMs ?? 60_000;
  return {
    IncomingMessage: InboundRequest,
    maxHeaderSize: options.maxHeaderBytes ?? 1024 * 1024,
    headersTimeout,
    // Uploads may take as long as they make progress; silence is ended by the sweep.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.max(100, Math.min(1_000, Math.floor(headersTimeout / 4))),
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 75_000,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    noDelay: true,
    highWaterMark: 256 * 1024,
    optimizeEmptyRequests: true,
    // The request head is checked as a whole elsewhere, and answered in the shape that the caller wants.
    requireHostHeader: false,
    insecureHTTPParser: false,
    shouldUpgradeCallback(request) {
      const inbound = request as InboundRequest;
      const isTaken = options.upgrades === true && mayUpgrade(inbound);
      inbound.upgradeIgnored = !isTaken;
      return isTaken;
    },
  };
}

function createTls(options: ListenerOptions, tls: ListenerTls): TlsServer {
  return createTlsServer({
    ...serverOptions(options),
    ...secureOptions(tls),
    requestCert: tls.requestCert ?? false,
    rejectUnauthorized: tls.rejectUnauthorized ?? true,
    ALPNProtocols: protocols(options),
    handshakeTimeout: options.headersTimeoutMs ?? 60_000,
  }) as TlsServer;
}

/** Decides about each client that has proved who it is before Node's own server sees it; `serve` hands it over. */
function takeOver(server: TlsServer, take: (socket: TLSSocket, serve: () => void) => void): void {
  const own = server.listeners("secureConnection");
  server.removeAllListeners("secureConnection");
  server.on("secureConnection", (socket: TLSSocket) => {
    take(socket, () => {
      for (const listener of own) listener.call(server, socket);
    });
  });
}

/** What is no request gets an answer when its turn comes, and its connection ends. */
function refuse(error: NodeJS.ErrnoException, socket: Socket, malformed: (kind: Malformation) => Answer): void {
  const connection = ClientConnection.of(socket);
  const current = connection?.current;
  // After `Connection: close` a client gets the answer to that request and no other, whatever else it sends. A trailer may
  // say it too, when it is too late for the answer to repeat it: then nobody else would end the connection.
  if (error.code === "HPE_CLOSED_CONNECTION") {
    connection?.hangUp();
    return;
  }
  // Its parser fails again at whatever still comes, and that is read only so that the answer is not lost to a reset.
  if (connection?.isRefused) {
    if (socket.readableEnded) socket.end();
    return;
  }
  if (connection !== undefined) connection.isRefused = true;
  const kind = malformationOf(error);
  if (kind === undefined) socket.destroy();
  // Whoever ends behind whole requests waits for none of their answers, whatever else was begun.
  else if (error.code === "HPE_INVALID_EOF_STATE" && current?.requestReceived) socket.end();
  // It has its answer, and gets to it: to end with something unread would be a reset, which may take the answer away.
  else if (!socket.writable) hangUp(socket);
  else if (current?.requestReceived) connection?.refuseNext(() => endWith(socket, malformed(kind)));
  // Behind another one that was answered in the same turn, its answer has its place on the socket only after that.
  else if (current?.isAnswered) setImmediate(hangUp, socket);
  else if (current?.headSent) socket.destroy();
  else endWith(socket, malformed(kind));
}

function rejectConnect(socket: Socket, malformed: (kind: Malformation) => Answer): void {
  socket.on("error", () => undefined);
  // Node lets go of the connection here. A refusal now would be taken for the answer to the request before it.
  if (ClientConnection.of(socket)?.current === undefined) endWith(socket, malformed("bad_request"));
  else socket.destroy();
}
