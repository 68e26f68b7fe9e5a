import { connect, type Socket } from "node:net";
import { Agent } from "undici";
import { X } from "../certificates.ts";
import { binaryEvent } from "../events.ts";
import { readResponse } from "../raw-client.ts";
import { request } from "../world.ts";

/** How a request ended: its status, 0 for none, and when it may be sent again. */
export interface Ending {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly reason: string | undefined;
}

export interface Sender {
  /** Sends one event and waits for what becomes of it. */
  send(application: string, body?: string | Buffer, headers?: Readonly<Record<string, string>>): Promise<Ending>;
  stop(): Promise<void>;
}

/** As many connections as there are requests at a time. */
export function createSender(port: number, connections: number): Sender {
  const agent = new Agent({ connections, pipelining: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });
  return {
    async send(application, body = "{}", more = {}) {
      const event = Object.fromEntries(binaryEvent(application).map((line) => line.toLowerCase().split(": ")));
      const headers = { ...event, "x-forwarded-client-cert": X("strict", `CN=${application}`), ...more };
      const options = { origin: `http://127.0.0.1:${port}`, path: `/${application}/events`, method: "POST" as const };
      try {
        const response = await agent.request({ ...options, headers, body });
        await response.body.dump();
        const header = (name: string) => response.headers[name]?.toString();
        return { status: response.statusCode, retryAfter: header("retry-after"), reason: header("error-reason") };
      } catch {
        return { status: 0, retryAfter: undefined, reason: undefined };
      }
    },
    stop: () => agent.destroy(),
  };
}

/** How often which status was the end. */
export function tally(endings: readonly Ending[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of endings) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** A whole request of an Application, on the wire. */
export const wholeRequest = (application: string, body = "{}"): Buffer => {
  const xfcc = X("strict", `CN=${application}`);
  const bytes = request(`/${application}/events`, { xfcc, headers: binaryEvent(application), body });
  return Buffer.from(bytes.toString("latin1").replace("Connection: close\r\n", ""), "latin1");
};

/** Opens so many connections, a few at a time; the next follows when `begin` is done with one. */
export async function openConnections(
  port: number,
  count: number,
  begin: (socket: Socket) => unknown,
): Promise<Socket[]> {
  const sockets: Socket[] = [];
  const open = async () => {
    while (sockets.length < count) {
      const socket = connect(port, "127.0.0.1");
      sockets.push(socket);
      socket.on("error", () => undefined);
      await new Promise<void>((resolve) => socket.once("connect", resolve).once("close", () => resolve()));
      await begin(socket);
    }
  };
  await Promise.all(Array.from({ length: 25 }, open));
  return sockets;
}

/** The status with which a connection was answered, before or when it ends; 0 for none. */
export const statusOf = (socket: Socket): Promise<number> =>
  readResponse(socket).then(
    ({ status }) => status,
    () => 0,
  );
