import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { SecureContextOptions, TlsOptions } from "node:tls";

export type ListenerName = "http" | "https" | "mtls" | "selfSigned";

/** Where a request came in. */
export interface Place {
  listener: ListenerName;
  /** Which connection of this listener it was: 1, 2, 3… */
  connection: number;
}

export interface ListenerSettings {
  name: ListenerName;
  port: number;
  tls?: SecureContextOptions & TlsOptions;
  keepAliveTimeoutMs: number;
  onRequest(request: IncomingMessage, response: ServerResponse, place: Place): void;
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, place: Place): void;
  /** Only these requests leave HTTP; an `Upgrade` header on any other is just a header. */
  upgrades(url: string): boolean;
}

/** A server on the loopback interface that knows its sockets and can go away and come back on the same port. */
export interface Listener {
  readonly name: ListenerName;
  readonly port: number;
  readonly openConnections: number;
  /** Since the start. */
  readonly acceptedConnections: number;
  /** Ends all connections at once; new ones are refused until `open()`. */
  close(): Promise<void>;
  open(): Promise<void>;
  /** Ends the connections that are there, and accepts new ones. */
  dropConnections(): void;
}

export async function listen(settings: ListenerSettings): Promise<Listener> {
  const sockets = new Set<Socket>();
  const numbers = new WeakMap<object, number>();
  const placeOf = ({ socket }: IncomingMessage): Place => ({
    listener: settings.name,
    connection: numbers.get(socket) ?? 0,
  });
  const server = createServerFor(settings);
  server.on("request", (request, response) => settings.onRequest(request, response, placeOf(request)));
  server.on("upgrade", (request, socket, head) => settings.onUpgrade(request, socket, head, placeOf(request)));
  let accepted = 0;
  // Requests of a TLS server come over the encrypted socket, which exists only after the handshake.
  server.on(settings.tls ? "secureConnection" : "connection", (socket: Socket) => {
    accepted += 1;
    numbers.set(socket, accepted);
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await open(server, settings.port);
  const { port } = server.address() as AddressInfo;

  return {
    name: settings.name,
    port,
    get openConnections() {
      return sockets.size;
    },
    get acceptedConnections() {
      return accepted;
    },
    async close() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      dropConnections();
      await closed;
    },
    async open() {
      if (!server.listening) await open(server, port);
    },
    dropConnections,
  };
}

function createServerFor({ tls, keepAliveTimeoutMs, upgrades }: ListenerSettings): Server {
  const limits = {
    // What the product lets through must not be what stops a test here.
    maxHeaderSize: 1_048_576,
    requireHostHeader: false,
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: 0,
    headersTimeout: 0,
    noDelay: true,
    shouldUpgradeCallback: ({ url = "" }: IncomingMessage) => upgrades(url),
  };
  const server = tls ? createTlsServer({ ...limits, ...tls }) : createServer(limits);
  server.maxHeadersCount = 0;
  return server;
}

function open(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1", backlog: 4096 }, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}
