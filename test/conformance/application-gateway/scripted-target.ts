import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** One connection that a gateway has opened, seen as bytes (latin1). */
export interface TargetWire {
  readonly socket: Socket;
  /** All that arrived on it so far. */
  readonly received: string;
  /** How many heads of requests are in it. */
  readonly heads: number;
  send(bytes: string): void;
}

export interface ScriptedTarget {
  readonly url: string;
  readonly port: number;
  /** Every connection that was ever accepted, oldest first. */
  readonly wires: readonly TargetWire[];
  readonly open: number;
}

export interface Script {
  readonly onConnect?: (wire: TargetWire) => void;
  /** Runs whenever bytes have arrived. */
  readonly onData?: (wire: TargetWire) => void;
}

/** A target that does what no HTTP server would, at the very byte at which it is told to. It ends with its test. */
export async function scriptedTarget(
  { onConnect, onData = answerAll }: Script = {},
  onFinished: (end: () => Promise<void>) => void = onTestFinished,
): Promise<ScriptedTarget> {
  const wires: TargetWire[] = [];
  const server = createServer((socket) => {
    const wire = wireOn(socket);
    wires.push(wire);
    socket.on("data", () => onData(wire));
    onConnect?.(wire);
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 });
  await once(server, "listening");
  onFinished(async () => {
    for (const { socket } of wires) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    wires,
    get open() {
      return wires.filter(({ socket }) => !socket.closed).length;
    },
  };
}

function wireOn(socket: Socket): TargetWire {
  let received = "";
  let heads = 0;
  socket.setEncoding("latin1");
  socket.on("error", () => undefined);
  socket.on("data", (text: string) => {
    received += text;
    heads = received.split("\r\n\r\n").length - 1;
  });
  return {
    socket,
    get received() {
      return received;
    },
    get heads() {
      return heads;
    },
    send: (bytes) => void socket.write(bytes, "latin1"),
  };
}

export const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

const answered = new WeakMap<TargetWire, number>();

/** Answers each request without a body as soon as its head is there. */
export function answerAll(wire: TargetWire): void {
  for (let done = answered.get(wire) ?? 0; done < wire.heads; done++) wire.send(ok);
  answered.set(wire, wire.heads);
}
