import { once } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { listenError } from "./listen-error.ts";
import type { Service } from "./service.ts";
import { isWorker, listenTogether } from "./workers/worker.ts";

/** Opens the port and makes the app a part of the service. */
export async function listenOn(service: Service, app: FastifyInstance, port: number, host?: string): Promise<number> {
  if (isWorker()) return await listenTogether(service, app, port, host);
  await app.ready();
  const silent = socketsWithoutRequest(app.server);
  try {
    // Node's own listen, for it falls back from IPv6 to IPv4 where all interfaces are meant.
    app.server.listen({ port, ...(host ? { host } : {}) });
    await once(app.server, "listening");
  } catch (error) {
    await app.close();
    throw listenError(error, port);
  }
  const address = app.server.address();
  const opened = typeof address === "object" && address !== null ? address.port : port;
  service.log.info({ port: opened, ...(host ? { host } : {}) }, "listening");
  const stop = (deadline: AbortSignal) => close(app, silent, deadline);
  await service.use({ stop }, `listener on port ${opened}`);
  return opened;
}

async function close(app: FastifyInstance, silent: ReadonlySet<Socket>, deadline: AbortSignal): Promise<void> {
  const cut = (): void => app.server.closeAllConnections();
  if (deadline.aborted) cut();
  deadline.addEventListener("abort", cut);
  const closed = app.close();
  for (const socket of silent) socket.destroy();
  await closed;
  deadline.removeEventListener("abort", cut);
}

/** Connections that were opened in advance; Node takes them for busy and would wait for their first request. */
function socketsWithoutRequest(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  // Requests are told apart by their TLS socket where there is one.
  const opened = "setSecureContext" in server ? "secureConnection" : "connection";
  server.on(opened, (socket: Socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  server.on("request", ({ socket }: { socket: Socket }) => silent.delete(socket));
  return silent;
}
