import { constants } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** A listener on the loopback interface that can go away and come back on the same port. */
export interface TlsServer {
  readonly port: number;
  close(): Promise<void>;
  open(): Promise<void>;
  /** Ends the connections that are open now. */
  dropConnections(): void;
}

export interface TlsServerOptions {
  port: number;
  certificate: string;
  key: string;
  /** Asked for every connection: true refuses it with a TLS alert. */
  refuses(): boolean;
  /** Present where clients are asked for a certificate: whether to let the connection be. */
  admits?(socket: Socket): boolean;
}

/** Serves an app over TLS. Certificates of clients are looked at by the app, so that it can answer for bad ones. */
export async function serveTls(app: FastifyInstance, options: TlsServerOptions): Promise<TlsServer> {
  await app.ready();
  const { admits } = options;
  const server = createServer(
    {
      cert: options.certificate,
      key: options.key,
      maxHeaderSize: 65_536,
      // A resumed session would not show the client's certificate again.
      secureOptions: constants.SSL_OP_NO_TICKET,
      ...(admits === undefined ? {} : { requestCert: true, rejectUnauthorized: false }),
      // The one hook into a handshake that ends in an alert: undefined is "no protocol in common".
      ALPNCallback: ({ protocols }) => (options.refuses() ? undefined : protocols.find((name) => name === "http/1.1")),
    },
    app.routing,
  );
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("secureConnection", (socket) => {
    // Who names no protocol was not asked for one, and is turned away here.
    const refused = socket.alpnProtocol === false && options.refuses();
    if (refused || admits?.(socket) === false) socket.destroy();
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    async close() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      dropConnections();
      await closed;
    },
    async open() {
      if (!server.listening) await listen(server, port);
    },
    dropConnections,
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}
