import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { call } from "./http.ts";
import { until, useWorld } from "./world.ts";

/** Of everything that can go wrong, a thousand: what must be left afterwards is nothing. */
const times = 1_000;
const atOnce = 25;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const world = useWorld({ proxyTimeoutMs: 1_500, requestTimeoutMs: 2_000, maxHeaderBytes: 16_384 });

interface Fault {
  title: string;
  /** Made once; its name goes to `run`. */
  prepare: () => string;
  run: (app: string) => Promise<number>;
  status: number;
  /** Where a thousand would take minutes because each waits for a timeout. */
  atOnce?: number;
}

const faults: Fault[] = [
  { title: "an unknown Application", prepare: () => "missing", run: (app) => status(app, "/x"), status: 404 },
  { title: "an unknown API", prepare: () => world.api(), run: (app) => status(app, "", "none"), status: 404 },
  {
    title: "a missing Secret",
    prepare: () => world.api({ credentials: { type: "Basic", secretName: "no-such-secret" } }),
    run: (app) => status(app, "/x"),
    status: 500,
  },
  {
    title: "a missing key",
    prepare: () => world.api({ credentials: { type: "Basic", secretName: world.secret({ username: "u" }) } }),
    run: (app) => status(app, "/x"),
    status: 500,
  },
  {
    title: "a path that leaves the base",
    prepare: () => world.api(),
    run: (app) => status(app, "/../x"),
    status: 400,
  },
  { title: "oversized headers", prepare: () => world.api(), run: (app) => oversized(app), status: 431 },
  {
    title: "a body that breaks off",
    prepare: () => world.api(),
    run: (app) => status(app, "/broken/short-content-length"),
    status: -200,
  },
  {
    title: "an answer that is no HTTP",
    prepare: () => world.api(),
    run: (app) => status(app, "/broken/garbage-head"),
    status: 502,
  },
  {
    title: "a reset before the answer",
    prepare: () => world.api(),
    run: (app) => status(app, "/broken/reset-before-head"),
    status: 502,
  },
  {
    title: "a refused connection",
    prepare: () => world.api({ targetUrl: "http://127.0.0.1:1" }),
    run: (app) => status(app, "/x"),
    status: 502,
  },
  {
    title: "a target that never answers",
    prepare: () => world.api(),
    run: (app) => status(app, "/broken/no-response"),
    status: 504,
    atOnce: 250,
  },
  {
    title: "a token that can't be had",
    prepare: () => oauthApi("http://127.0.0.1:1/token"),
    run: (app) => status(app, "/x"),
    status: 502,
  },
  {
    title: "a token that the target never takes",
    prepare: () => oauthApi(world.idp.tokenUrl),
    run: (app) => status(app, "/status/401"),
    status: 401,
  },
  {
    title: "a handshake that fails",
    prepare: () => world.api({ targetUrl: world.target.selfSignedUrl ?? "" }),
    run: (app) => status(app, "/x"),
    status: 502,
    // Both ends of each handshake are in this process, and have as long as a response has.
    atOnce: 5,
  },
  {
    title: "an upgrade that its client breaks",
    prepare: () => world.api(),
    run: (app) => leave(app, "/upgrade", "101", "GET", "Connection: Upgrade\r\nUpgrade: any/1\r\n"),
    status: 0,
  },
  {
    title: "a client that goes away before the answer",
    prepare: () => world.api(),
    run: (app) => leave(app, "/slow?head_ms=300"),
    status: 0,
  },
  {
    title: "a client that goes away amid the answer",
    prepare: () => world.api(),
    run: (app) => leave(app, "/sse?interval_ms=5", "data:"),
    status: 0,
  },
  {
    title: "a client that goes away amid its body",
    prepare: () => world.api(),
    run: (app) => leave(app, "/sink", undefined, "POST"),
    status: 0,
  },
];

describe(`after ${times} times`, () => {
  test.each(faults)(
    "$title, the gateway serves on and nothing is left behind",
    async ({ prepare, run, status: expected, atOnce: parallel = atOnce }) => {
      const app = prepare();
      const good = world.api();
      await world.settled();
      await inBatches(parallel, parallel, async () => expect(await run(app)).toBe(expected));
      const before = await resting();
      await inBatches(times, parallel, async () => expect(await run(app)).toBe(expected));
      const after = await resting();
      await until(() => openSockets() <= before.sockets + 2);
      expect(after.inFlight).toBe(0);
      // The emulators and the client live in this process too, and keep a log: well under what a leak per call would be.
      expect(after.heapMiB - before.heapMiB).toBeLessThan(16);
      expect((await world.call(`/${good}/s/x`)).status).toBe(200);
    },
    120_000,
  );
});

async function status(app: string, rest: string, service = "s"): Promise<number> {
  const answer = await call(world.gateway.ports.proxy, `/${app}/${service}${rest}`);
  return answer.complete ? answer.status : -answer.status;
}

function oauthApi(authenticationUrl: string): string {
  world.idp.register({ id: "client-of-thousands", secret: "client-secret" });
  const secretName = world.secret({ clientId: "client-of-thousands", clientSecret: "client-secret" });
  return world.api({ credentials: { type: "OAuth", secretName, authenticationUrl } });
}

async function oversized(app: string): Promise<number> {
  const socket = await connected();
  socket.write(`GET /${app}/s HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`);
  const [head] = await new Promise<Buffer[]>((resolve) => socket.once("data", (chunk) => resolve([chunk])));
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(head?.toString() ?? "")?.[1]);
}

/** Leaves when the target has the request, or when some text of the answer has come. */
async function leave(app: string, path: string, text?: string, method = "GET", lines = ""): Promise<number> {
  const socket = await connected();
  const body = method === "POST" ? "Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n" : "\r\n";
  socket.write(`${method} /${app}/s${path} HTTP/1.1\r\nHost: x\r\n${lines}${body}`);
  if (text === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  else await new Promise<void>((resolve) => socket.on("data", (chunk) => chunk.includes(text) && resolve()));
  socket.destroy();
  return 0;
}

async function connected(): Promise<Socket> {
  const socket = connect({ port: world.gateway.ports.proxy, host: "127.0.0.1" });
  await once(socket, "connect");
  return socket;
}

async function inBatches(count: number, parallel: number, action: () => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done += parallel) await Promise.all(Array.from({ length: parallel }, action));
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
}

/** When nothing runs any more: what is open, and what memory it takes. */
async function resting(): Promise<{ sockets: number; inFlight: number; heapMiB: number }> {
  const inFlight = async (): Promise<number> => {
    const metrics = (await world.callHealth("/metrics")).body.toString();
    return [...metrics.matchAll(/^agw_inflight_requests\{.*\} (\d+)$/gm)].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    );
  };
  // Clients that have left still wait to be accepted, and a busy process accepts them one by one.
  await until(async () => (await inFlight()) === 0, 30_000);
  // What is idle now may be kept for later calls; both sides have to let go of it when the target does. Connections that
  // the gateway has given up already may be accepted only now.
  await until(() => {
    world.target.dropConnections();
    return world.target.connections.open === 0;
  }, 30_000);
  world.target.reset();
  world.idp.reset();
  world.cluster.requests.clear();
  collectGarbage();
  return { sockets: openSockets(), inFlight: await inFlight(), heapMiB: process.memoryUsage().heapUsed / 1024 ** 2 };
}
