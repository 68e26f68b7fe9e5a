import { describe, expect, test } from "vitest";
import { type Attempt, type AttemptOptions, attempt } from "./attempt.ts";
import { ok, type Script, scriptedTarget, type TargetWire } from "./scripted-target.ts";
import { until, useWorld } from "./world.ts";

const world = useWorld({ proxyTimeoutMs: 5_000 });

const ways = {
  resets: ({ socket }: TargetWire) => void socket.resetAndDestroy(),
  ends: ({ socket }: TargetWire) => void socket.end(),
} as const;

const chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n";
const large = Buffer.alloc(3_000_000, "x");

interface Stage {
  title: string;
  request?: AttemptOptions;
  /** The target leaves when this many bytes of the request have come. */
  afterBytes?: number;
  /** What it says before it leaves, once it has the head. */
  says?: string;
  /** What the client gets: an error of the gateway, a response that breaks off, or either of them. */
  gives: "error" | "break";
}

const stages: Stage[] = [
  {
    title: "amid the head of the request",
    request: { headers: { "X-Long": "x".repeat(300_000) } },
    afterBytes: 1,
    gives: "error",
  },
  {
    title: "amid a body of known length",
    request: { method: "POST", body: [large] },
    afterBytes: 200_000,
    gives: "error",
  },
  {
    title: "amid a chunked body",
    request: { method: "POST", body: [large, large] },
    afterBytes: 200_000,
    gives: "error",
  },
  { title: "behind the request", gives: "error" },
  { title: "behind a request with a body", request: { method: "POST", body: ["hello"] }, gives: "error" },
  { title: "amid the status line", says: "HTTP/1.1 2", gives: "error" },
  { title: "amid the head of the response", says: "HTTP/1.1 200 OK\r\nContent-Le", gives: "error" },
  { title: "behind an interim response", says: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", gives: "error" },
  { title: "behind the head", says: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", gives: "break" },
  {
    title: "amid a body of known length of its own",
    says: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
    gives: "break",
  },
  { title: "behind the head of a chunked body", says: chunkedHead, gives: "break" },
  { title: "amid the size of a chunk", says: `${chunkedHead}5`, gives: "break" },
  { title: "amid a chunk", says: `${chunkedHead}a\r\nhello`, gives: "break" },
  { title: "behind a chunk", says: `${chunkedHead}5\r\nhello\r\n`, gives: "break" },
  { title: "amid the last chunk", says: `${chunkedHead}5\r\nhello\r\n0\r\n`, gives: "break" },
  { title: "amid the trailers", says: `${chunkedHead}5\r\nhello\r\n0\r\nX-Su`, gives: "break" },
  { title: "behind the trailers", says: `${chunkedHead}5\r\nhello\r\n0\r\nX-Sum: 1\r\n`, gives: "break" },
];

describe.each(Object.entries(ways))("a target that %s its connection", (way, leave) => {
  test.each(stages.map((stage) => [stage.title, stage] as const))("%s", async (_, stage) => {
    const target = await scriptedTarget({ onData: leavingAt(stage, leave) });
    await fails(target.url, stage, way);
    await until(() => target.open === 0);
  });

  test.each(stages.map((stage) => [stage.title, stage] as const))(
    "%s, where another request had gone well",
    async (_, stage) => {
      const script = leavingAt(stage, leave);
      const target = await scriptedTarget({
        onData(wire) {
          if (/^GET \/first [\s\S]*?\r\n\r\n$/.test(wire.received) && wire.heads === 1) wire.send(ok);
          else script(wire);
        },
      });
      await fails(target.url, stage, way, "/first");
    },
  );

  test("when it is opened", async () => {
    const target = await scriptedTarget({ onConnect: leave });
    await fails(target.url, { title: "", gives: "error" }, way);
  });

  test("behind a whole response, which arrives", async () => {
    const target = await scriptedTarget({
      onData(wire) {
        wire.socket.write(`${chunkedHead}5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n`, () => ways.ends(wire));
      },
    });
    const app = world.api({ targetUrl: target.url });
    await world.settled();
    for (let round = 0; round < 5; round++) {
      expect(await call(app)).toMatchObject({ status: 200, complete: true, text: "hello" });
    }
  });
});

describe("a connection that the target has closed unseen", () => {
  const forgetful: Script = {
    onData(wire) {
      // It answers once; what comes next on the connection finds nobody.
      if (wire.heads > 1) ways.resets(wire);
      else wire.send(ok);
    },
  };

  test.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])(
    "costs a %s nothing: it is sent again on a new one",
    async (method) => {
      const target = await scriptedTarget(forgetful);
      const app = world.api({ targetUrl: target.url });
      await world.settled();
      for (let round = 0; round < 6; round++) {
        expect(await call(app, { method })).toMatchObject({ status: 200, complete: true });
      }
    },
  );

  test.each(["POST", "PATCH"])("fails a %s, which may have been done", async (method) => {
    const target = await scriptedTarget(forgetful);
    const app = world.api({ targetUrl: target.url });
    await world.settled();
    expect((await call(app)).status).toBe(200);
    const failed = await call(app, { method, body: ["hello"] });
    expect(failed).toMatchObject({ status: 502, reason: "target_unreachable" });
    const all = target.wires.map(({ received }) => received).join("");
    expect(all.match(new RegExp(`^${method} `, "gm"))).toHaveLength(1);
    expect((await call(app)).status).toBe(200);
  });

  test("and that nobody writes to is dropped, and not missed", async () => {
    const target = await scriptedTarget();
    const app = world.api({ targetUrl: target.url });
    await world.settled();
    expect((await call(app)).status).toBe(200);
    for (const wire of target.wires) ways.ends(wire);
    await until(() => target.open === 0);
    expect((await call(app, { method: "POST" })).status).toBe(200);
  });
});

/** Sends one request that the target leaves alone, and looks at what the client is told. */
async function fails(targetUrl: string, { request, gives }: Stage, way: string, first?: string): Promise<void> {
  const app = world.api({ targetUrl });
  const good = world.api();
  await world.settled();
  if (first !== undefined) expect((await call(app, {}, first)).status).toBe(200);
  const failed = await call(app, request);
  if (gives === "break" && (way === "ends" || failed.status === 200)) {
    expect(failed).toMatchObject({ status: 200, complete: false });
  } else {
    // A reset may take the beginning of a response away with it.
    expect(failed).toMatchObject({ status: 502, complete: true, reason: "target_unreachable" });
  }
  expect((await call(good)).status).toBe(200);
  const metrics = (await world.callHealth("/metrics")).body.toString();
  expect(metrics).toContain(`agw_inflight_requests{application="${app}",service="s",entry=""} 0`);
}

function call(app: string, options: AttemptOptions = {}, rest = "/x"): Promise<Attempt> {
  return attempt(world.gateway.ports.proxy, `/${app}/s${rest}`, options);
}

function leavingAt({ afterBytes, says }: Stage, leave: (wire: TargetWire) => void): (wire: TargetWire) => void {
  return (wire) => {
    if (afterBytes === undefined ? wire.heads === 0 : wire.received.length < afterBytes) return;
    if (says !== undefined) wire.send(says);
    leave(wire);
  };
}
