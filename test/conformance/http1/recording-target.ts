import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Seen, TargetBehaviour } from "./case.ts";
import { readRequest } from "./strict-request.ts";

export interface RecordingTarget {
  readonly port: number;
  /** The whole requests since the last `take`. */
  readonly whole: readonly Seen[];
  /** What arrived and was no HTTP, or began on a connection and never ended. */
  readonly malformed: readonly string[];
  /** Bytes of requests that are not whole yet, by connection. */
  readonly pending: readonly string[];
  behaviour: TargetBehaviour | undefined;
  /** Forgets what was recorded. */
  clear(): void;
  stop(): Promise<void>;
}

/** A target that is nothing but sockets and a strict reader: what it records is what was on the wire. */
export async function startRecordingTarget(): Promise<RecordingTarget> {
  const connections = new Map<Socket, { number: number; pending: string; answered: boolean }>();
  let whole: Seen[] = [];
  let malformed: string[] = [];
  let behaviour: TargetBehaviour | undefined;
  let accepted = 0;

  const server = createServer((socket) => {
    const state = { number: ++accepted, pending: "", answered: false };
    connections.set(socket, state);
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("error", () => undefined);
    socket.on("close", () => connections.delete(socket));
    socket.on("data", (text: string) => {
      state.pending += text;
      if (behaviour === "early" && !state.answered && state.pending.includes("\r\n\r\n")) {
        state.answered = true;
        socket.write(ok("POST"));
      }
      read(socket, state);
    });
  });

  function read(socket: Socket, state: { number: number; pending: string; answered: boolean }): void {
    while (state.pending !== "") {
      const parsed = readRequest(state.pending);
      if (parsed === "incomplete") return;
      if ("malformed" in parsed) {
        malformed.push(parsed.malformed);
        socket.destroy();
        return;
      }
      state.pending = state.pending.slice(parsed.length);
      const request = { connection: state.number, ...parsed.request };
      whole.push(request);
      if (state.answered) state.answered = false;
      else answer(socket, request);
    }
  }

  function answer(socket: Socket, { method, headers }: Seen): void {
    const asksForMore = headers.some(([name]) => name.toLowerCase() === "upgrade");
    if (behaviour === "switches" && asksForMore) {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    } else socket.write(ok(method));
  }

  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get whole() {
      return whole;
    },
    get malformed() {
      return malformed;
    },
    get pending() {
      return [...connections.values()].map(({ pending }) => pending).filter((text) => text !== "");
    },
    get behaviour() {
      return behaviour;
    },
    set behaviour(next) {
      behaviour = next;
    },
    clear() {
      whole = [];
      malformed = [];
    },
    async stop() {
      for (const socket of connections.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function ok(method: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${method === "HEAD" ? "" : "ok"}`;
}
