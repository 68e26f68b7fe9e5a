import { connect } from "node:net";
import { expect, test } from "vitest";
import { eventually, get, rawTarget, takeRequest, type Wire, type World, world } from "./test-world.ts";

const rounds = 1_000;
const atOnce = 50;

const post = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";

/** What one client does: send, and leave when its condition holds, or be left. */
interface Misfortune {
  title: string;
  request: string;
  /** How the target treats a connection that has received something. */
  target: (wire: Wire) => void;
  /** The client breaks off when it has received this; by default it waits for the end. */
  leaveAt?: string;
  responseTimeoutMs?: number;
}

const misfortunes: Misfortune[] = [
  { title: "clients that leave at once", request: get(), target: () => undefined, leaveAt: "" },
  { title: "clients that leave in their body", request: post, target: () => undefined, leaveAt: "" },
  {
    title: "clients that leave in the response",
    request: get(),
    target: (wire) => wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome"),
    leaveAt: "some",
  },
  {
    title: "targets that reset before the head",
    request: get(),
    target: ({ socket }) => void socket.resetAndDestroy(),
  },
  {
    title: "targets that reset in the request body",
    request: post,
    target: ({ socket }) => void socket.resetAndDestroy(),
  },
  { title: "targets that end before the head", request: get(), target: ({ socket }) => void socket.end() },
  { title: "targets that speak no HTTP", request: get(), target: (wire) => wire.send("220 mail ESMTP\r\n") },
  {
    title: "targets that break off in a sized body",
    request: get(),
    target: (wire) => void wire.socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome"),
  },
  {
    title: "targets that break off in a chunked body",
    request: get(),
    target: (wire) => void wire.socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n"),
  },
  { title: "targets that answer too late", request: get(), target: () => undefined, responseTimeoutMs: 1 },
  { title: "requests that are no HTTP", request: "nonsense\r\n\r\n", target: () => undefined },
  {
    title: "calls that go well",
    request: get("/", "Connection: close\r\n"),
    target: (wire) => wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
  },
];

test.each(misfortunes)(`${rounds} $title leave nothing behind`, { timeout: 120_000 }, async (misfortune) => {
  const target = await rawTarget((wire) => {
    if (misfortune.request === post || takeRequest(wire) !== undefined) misfortune.target(wire);
  });
  const there = await world({
    targetPort: target.port,
    forward: misfortune.responseTimeoutMs === undefined ? {} : { responseTimeoutMs: misfortune.responseTimeoutMs },
  });
  let left = rounds;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      await suffer(there, misfortune);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  await eventually(() => there.listener.inFlight === 0 && there.target.inFlight === 0, "all exchanges to be over");
  expect(new Set(there.outcomes).size).toBe(there.outcomes.length);
  await there.target.destroy();
  await eventually(() => target.open === 0, "all target connections to be closed");
  await eventually(() => clientSockets(there.listener.port) === 0, "all client connections to be closed");
});

async function suffer({ listener }: World, { request, leaveAt }: Misfortune): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect({ port: listener.port, host: "127.0.0.1" });
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (piece) => {
      text += piece;
      if (leaveAt !== undefined ? text.includes(leaveAt) : /^HTTP\/1.1 [45]/.test(text)) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
    socket.write(request, "latin1", () => {
      if (leaveAt === "") setImmediate(() => socket.destroy());
    });
  });
}

/** Sockets of this process that a listener on this port accepted. */
function clientSockets(port: number): number {
  const handles = (process as unknown as { _getActiveHandles(): { localPort?: number }[] })._getActiveHandles();
  return handles.filter((handle) => handle.localPort === port && "remotePort" in handle && handle.remotePort).length;
}
