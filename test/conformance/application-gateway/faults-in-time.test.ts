import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Script, type ScriptedTarget, scriptedTarget } from "./scripted-target.ts";
import { until, useWorld } from "./world.ts";

// Whole exchanges last longer than the limit while their pauses do not, or the other way round.
const limitMs = 1_000;
const pauseMs = 150;
const world = useWorld({ proxyTimeoutMs: limitMs, requestTimeoutMs: limitMs });

/** As many pieces as take half as long again as the limit. */
const drip = "abcdefghijk";
/** More than is kept back until it is whole. */
const filler = "x".repeat(64 * 1024);

interface Client {
  readonly socket: Socket;
  /** All that it got. */
  readonly text: () => string;
  /** Where its API is. */
  readonly path: string;
  readonly target: ScriptedTarget;
}

interface Play extends Script {
  readonly title: string;
  readonly run: (client: Client) => Promise<void>;
}

const get = ({ path, socket }: Client, lines = ""): void =>
  void socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\n${lines}\r\n`);

const moving: Play[] = [
  {
    title: "a client that drips its body",
    onData: ({ received, send }) => {
      if (received.endsWith(drip)) send(`HTTP/1.1 200 OK\r\nContent-Length: ${drip.length}\r\n\r\n${drip}`);
    },
    async run({ socket, text, path }) {
      const length = filler.length + drip.length;
      socket.write(`POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n\r\n${filler}`);
      await dripInto(socket, drip);
      await until(() => text().endsWith(drip));
    },
  },
  {
    title: "a client that drips its chunks",
    onData: ({ received, send }) => {
      if (received.endsWith("\r\n0\r\n\r\n")) send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    },
    async run({ socket, text, path, target }) {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n`);
      await dripInto(socket, drip, (byte) => `1\r\n${byte}\r\n`);
      socket.write("0\r\n\r\n");
      await until(() => text().endsWith("\r\n\r\nok"));
      expect(target.wires[0]?.received.replaceAll(/1\r\n|\r\n/g, "")).toContain(drip);
    },
  },
  {
    title: "a target that drips its body",
    onData: ({ socket, send }) => {
      send(`HTTP/1.1 200 OK\r\nContent-Length: ${drip.length}\r\n\r\n`);
      void dripInto(socket, drip);
    },
    async run(client) {
      get(client);
      await until(() => client.text().endsWith(`\r\n\r\n${drip}`));
    },
  },
  {
    title: "a target that drips its chunks, with trailers behind",
    onData: ({ socket, send }) => {
      send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      // Trailers as a whole count as one piece.
      void dripInto(socket, "2\r\nab\r\n0\r\n").then(() => send("X-Sum: 1\r\n\r\n"));
    },
    async run(client) {
      get(client, "TE: trailers\r\nConnection: TE\r\n");
      await until(() => /\r\n0\r\nX-Sum: 1\r\n\r\n$/i.test(client.text()));
    },
  },
  {
    title: "both of them at once",
    onData: ({ received, socket, send }) => {
      if (socket.bytesWritten === 0) send(`HTTP/1.1 200 OK\r\nContent-Length: ${drip.length}\r\n\r\n`);
      if (!received.endsWith("x")) send(received.slice(-1));
    },
    async run({ socket, text, path }) {
      const length = filler.length + drip.length;
      socket.write(`POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n\r\n${filler}`);
      await dripInto(socket, drip);
      await until(() => text().endsWith(drip));
    },
  },
];

const standing: Play[] = [
  {
    title: "a client amid its head: 408",
    async run({ socket, text }) {
      socket.write("GET /x HTTP/1.1\r\nHost: h\r\nX-Slow: ");
      await closed(socket);
      expect(text()).toMatch(/^HTTP\/1\.1 408 /);
    },
  },
  {
    title: "a client that drips its head beyond the limit: 408",
    async run({ socket, text, path, target }) {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\nX-Slow: `);
      void dripInto(socket, "x".repeat(100));
      await closed(socket);
      expect(text()).toMatch(/^HTTP\/1\.1 408 /);
      expect(target.wires.length).toBe(0);
    },
  },
  {
    title: "a client amid its body: 408, and the target is left",
    onData: () => undefined,
    async run({ socket, text, path, target }) {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n${filler}`);
      await until(() => text().startsWith("HTTP/1.1 408 "));
      await until(() => target.open === 0);
    },
  },
  {
    title: "a target amid its head: 504",
    onData: ({ send }) => send("HTTP/1.1 200 OK\r\nX-Slow: "),
    run: ends(/^HTTP\/1\.1 504 /),
  },
  {
    title: "a target that drips its head beyond the limit: 504",
    onData: ({ socket, send }) => {
      send("HTTP/1.1 200 OK\r\nX-Slow: ");
      void dripInto(socket, "x".repeat(100));
    },
    run: ends(/^HTTP\/1\.1 504 /),
  },
  {
    title: "a target that says over and over that it is about to answer: 504",
    onData: ({ socket }) => void dripInto(socket, "x".repeat(50), () => "HTTP/1.1 102 Processing\r\n\r\n"),
    run: ends(/HTTP\/1\.1 504 /),
  },
  {
    title: "a target amid its body: the response is broken off",
    onData: ({ send }) => send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
    async run(client) {
      get(client);
      await closed(client.socket);
      expect(client.text()).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nhello$/);
      await until(() => client.target.open === 0);
    },
  },
  {
    title: "a target that takes nothing of a body: 504",
    onConnect: ({ socket }) => void socket.pause(),
    async run({ socket, text, path }) {
      const block = Buffer.alloc(1024 * 1024, "x");
      socket.write(`POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: ${100 * block.length}\r\n\r\n`);
      const more = (): void => {
        while (socket.writable && socket.write(block));
      };
      socket.on("drain", more);
      more();
      await until(() => text().startsWith("HTTP/1.1 504 "));
    },
  },
];

const endings: (() => unknown)[] = [];
const outcomes = new Map<Play, Promise<unknown>>();

beforeAll(async () => {
  const plays = [...moving, ...standing];
  const targets = await Promise.all(plays.map((play) => scriptedTarget(play, (end) => endings.push(end))));
  const paths = targets.map(({ url }) => `/${world.api({ targetUrl: url })}/s/x`);
  await world.settled();
  // Each waits most of its time, so they wait together.
  for (const [index, play] of plays.entries()) {
    const client = await clientOf(paths[index] as string, targets[index] as ScriptedTarget);
    outcomes.set(
      play,
      play.run(client).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
  }
}, 60_000);

afterAll(async () => {
  for (const end of endings) await end();
});

async function outcomeOf(play: Play): Promise<void> {
  const error = await outcomes.get(play);
  if (error !== undefined) throw error;
}

describe("as long as something moves, nothing is too slow:", () => {
  test.each(moving)("$title", outcomeOf);
});

describe("who stands still is not waited for:", () => {
  test.each(standing)("$title", outcomeOf);
});

async function clientOf(path: string, target: ScriptedTarget): Promise<Client> {
  const socket = connect({ port: world.gateway.ports.proxy, host: "127.0.0.1" });
  endings.push(() => socket.destroy());
  let text = "";
  socket.on("error", () => undefined);
  socket.setNoDelay(true);
  socket.setEncoding("latin1").on("data", (piece) => (text += piece));
  await once(socket, "connect");
  return { socket, text: () => text, path, target };
}

/** The gateway tires of the target: the client is told, and the target is left. */
function ends(told: RegExp): Play["run"] {
  return async (client) => {
    get(client);
    await until(() => told.test(client.text()));
    await until(() => client.target.open === 0);
  };
}

async function dripInto(socket: Socket, text: string, piece = (byte: string): string => byte): Promise<void> {
  for (const byte of text) {
    await delay(pauseMs);
    if (!socket.writable) return;
    socket.write(piece(byte), "latin1");
  }
}

async function closed(socket: Socket): Promise<void> {
  await until(() => socket.closed || socket.readableEnded);
}
