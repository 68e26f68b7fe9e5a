import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** How Eventing is at the moment. `slow` answers after a while, `cutting` stores and then breaks the connection. */
export type Mood = "well" | "failing" | "broken" | "slow" | "cutting";

/** Stands in for a receiver of events and batches, and knows which events it has, in the order in which they came. */
export interface Receiver {
  readonly port: number;
  mood: Mood;
  /** Ids in the order of their first coming, by source. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  has(source: string, id: string): boolean;
  /** How often any event came. */
  readonly deliveries: number;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const ids = new Map<string, string[]>();
  const known = new Set<string>();
  const sockets = new Set<Socket>();
  let deliveries = 0;
  const store = (source: string, id: string): void => {
    deliveries++;
    if (known.has(`${source} ${id}`)) return;
    known.add(`${source} ${id}`);
    const list = ids.get(source) ?? [];
    ids.set(source, list);
    list.push(id);
  };
  const answers: Record<Mood, (response: ServerResponse, take: () => void) => void> = {
    well(response, take) {
      take();
      response.writeHead(204).end();
    },
    failing: (response) => response.writeHead(503).end(),
    broken: (response) => response.socket?.destroy(),
    slow(response, take) {
      setTimeout(() => {
        take();
        response.writeHead(204).end();
      }, 20);
    },
    cutting(response, take) {
      take();
      response.socket?.destroy();
    },
  };
  const receiver = { mood: "well" as Mood };
  const server = createServer((request, response) => {
    const { "ce-source": source, "ce-id": id } = request.headers;
    const chunks: Buffer[] = [];
    request.on("error", () => undefined).on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const events: unknown = id === undefined ? JSON.parse(Buffer.concat(chunks).toString()) : { source, id };
      answers[receiver.mood](response, () => {
        for (const each of [events].flat() as { source: string; id: string }[]) store(each.source, each.id);
      });
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.defineProperties(receiver as Receiver, {
    port: { value: (server.address() as AddressInfo).port },
    ids: { value: ids },
    has: { value: (source: string, id: string) => known.has(`${source} ${id}`) },
    deliveries: { get: () => deliveries },
    stop: {
      async value() {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      },
    },
  });
}
