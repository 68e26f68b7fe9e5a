import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { rememberRaw } from "./reset.ts";

export interface Certificate {
  cert: string;
  key: string;
}

/** The TLS port: can be taken away with all its connections, and come back in the same place. */
export class Listener {
  readonly #certificate: Certificate;
  readonly #handle: RequestListener;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port: number;
  #opened = 0;

  constructor(port: number, certificate: Certificate, handle: RequestListener) {
    this.#port = port;
    this.#certificate = certificate;
    this.#handle = handle;
  }

  get port(): number {
    return this.#port;
  }

  get connections(): { opened: number; open: number } {
    return { opened: this.#opened, open: this.#sockets.size };
  }

  async start(): Promise<void> {
    if (this.#server) return;
    const { cert, key } = this.#certificate;
    const server = createServer({ cert, key, keepAliveTimeout: 60_000, requestTimeout: 0 }, this.#handle);
    server.on("connection", (socket: Socket) => {
      this.#opened += 1;
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      // A reset by the peer is no event here.
      socket.on("error", () => {});
    });
    const byPort = new Map<number | undefined, Socket>();
    server.on("connection", (socket: Socket) => {
      byPort.set(socket.remotePort, socket);
      socket.once("close", () => byPort.delete(socket.remotePort));
    });
    server.on("secureConnection", (secure) => {
      const raw = byPort.get(secure.remotePort);
      if (raw) rememberRaw(secure, raw);
    });
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
