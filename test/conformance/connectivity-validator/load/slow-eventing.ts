import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** Stands in for an Eventing that has its good and its bad times. Stores nothing. */
export interface SlowEventing {
  readonly port: number;
  /** Requests that wait for their answer. */
  readonly waiting: number;
  /** Requests that were answered. */
  readonly answered: number;
  /** From now on requests wait, for so long or until {@link release}. */
  hold(forMs?: number): void;
  /** Answers all that wait, and others at once. */
  release(): void;
  /** Nobody listens any more, and what was open is broken. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSlowEventing(): Promise<SlowEventing> {
  const held = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let answered = 0;
  let holdMs: number | undefined = 0;
  const answer = (response: ServerResponse) => {
    held.delete(response);
    answered++;
    response.writeHead(204).end();
  };
  const server = createServer({ maxHeaderSize: 128 * 1024 }, (request, response) => {
    request.on("error", () => undefined).resume();
    held.add(response);
    response.on("close", () => held.delete(response));
    request.on("end", () => {
      if (holdMs === 0) answer(response);
      else if (holdMs !== undefined) setTimeout(() => held.has(response) && answer(response), holdMs).unref();
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", 4_096, resolve));
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get waiting() {
      return held.size;
    },
    get answered() {
      return answered;
    },
    hold(forMs) {
      holdMs = forMs;
    },
    release() {
      holdMs = 0;
      for (const response of held) answer(response);
    },
    goAway: close,
    comeBack: () => listen(port),
    stop: async () => void (server.listening && (await close())),
  };
}
