import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { Counter } from "prom-client";
import { expect, onTestFinished, test } from "vitest";
import { PortInUse } from "./listen-error.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { composing, createService, type ServiceOptions } from "./service.ts";
import { keepLines } from "./testing/lines.ts";

test("a service is ready when every check says so, and not once it stops", async () => {
  const { service } = world();
  let listed = false;
  service.readiness("applications", () => (listed ? undefined : "not listed yet"));
  service.readiness("secrets", () => undefined);
  expect(service.readinessReport()).toEqual({
    ready: false,
    checks: [{ name: "applications", problem: "not listed yet" }, { name: "secrets" }],
  });
  listed = true;
  expect(service.readinessReport().ready).toBe(true);
  service.readiness("broken", () => {
    throw new Error("no idea");
  });
  expect(service.readinessReport().checks.at(-1)).toEqual({ name: "broken", problem: "the check failed: no idea" });
  service.readiness("broken", () => undefined);
  await service.stop();
  expect(service.readinessReport()).toMatchObject({ ready: false });
});

test("stopping goes: not ready, first actions, delay, drain, parts from last to first, signal", async () => {
  const { service } = world({ readyDelayMs: 20 });
  const events: string[] = [];
  const part = (name: string) => ({
    name,
    stop: async (deadline: AbortSignal) => void events.push(`stop ${name}, ${deadline.aborted ? "late" : "in time"}`),
  });
  await service.use(part("first"));
  await service.use(Promise.resolve(part("second")));
  service.onStopping(() => events.push(`first actions, ready: ${service.readinessReport().ready}`));
  service.onDrain(() => events.push(`drain, ready: ${service.readinessReport().ready}`));
  service.signal.addEventListener("abort", () => events.push("signal"));
  const stopping = service.stop();
  events.push(`stopping, draining: ${service.draining}`);
  expect(service.stop()).toBe(stopping);
  await stopping;
  await service.stopped;
  expect(events).toEqual([
    "first actions, ready: false",
    "stopping, draining: true",
    "drain, ready: false",
    "stop second, in time",
    "stop first, in time",
    "signal",
  ]);
});

test("a part that hangs does not keep the service from stopping, and the log names it", async () => {
  const { service, log } = world({ shutdownTimeoutMs: 200 });
  const stopped: string[] = [];
  await service.use({ stop: async () => void stopped.push("first") });
  await service.use({ stop: () => new Promise<void>(() => undefined) }, "spool");
  await service.use({
    stop: async (deadline: AbortSignal) => {
      await once(deadline, "abort");
      stopped.push("obedient");
    },
  });
  await service.stop();
  expect(stopped).toEqual(["obedient", "first"]);
  expect(log.records.filter(({ level }) => level === "error")).toMatchObject([
    { part: "spool", msg: "did not stop in time and is left behind" },
  ]);
});

test("a part or an action that fails to stop does not keep the others from stopping", async () => {
  const { service, log } = world();
  const part = await service.use(stoppable());
  class Pool {
    stop(): void {
      throw new Error("still busy");
    }
  }
  await service.use(new Pool());
  service.onDrain(() => {
    throw new Error("no");
  });
  await service.stop();
  expect(part.stopped).toBe(true);
  expect(log.records).toContainEqual(expect.objectContaining({ part: "Pool", msg: "failed to stop" }));
  expect(log.records).toContainEqual(expect.objectContaining({ msg: "an action at the end failed" }));
});

test("a part that arrives after the stop is stopped at once", async () => {
  const { service } = world();
  await service.stop();
  const part = await service.use(stoppable());
  expect(part.stopped).toBe(true);
});

test("a composition that fails leaves nothing running", async () => {
  const { service } = world({ readyDelayMs: 60_000 });
  const part = stoppable();
  const composed = composing(service, async () => {
    await service.use(part);
    throw new Error("no cluster");
  });
  await expect(composed).rejects.toThrow("no cluster");
  expect(part.stopped).toBe(true);
});

test("services in one process have metrics of their own, with Node's in each", async () => {
  const [left, right] = [world().service, world().service];
  new Counter({ name: "calls_total", help: "Calls", registers: [left.metrics] }).inc(3);
  new Counter({ name: "calls_total", help: "Calls", registers: [right.metrics] }).inc(5);
  const app = left.api();
  metricsRoute(app, left);
  const port = await left.listen(app, 0, "127.0.0.1");
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  expect(text).toContain("calls_total 3\n");
  for (const metrics of [text, await right.metrics.metrics()]) {
    expect(metrics.match(/^process_resident_memory_bytes /gm)).toHaveLength(1);
    expect(metrics).toContain("nodejs_eventloop_lag_seconds");
  }
  expect(await right.metrics.metrics()).toContain("calls_total 5\n");
});

test("a busy port is told in one sentence, and the service can go on", async () => {
  const [first, second] = [world().service, world().service];
  const port = await first.listen(first.api(), 0, "127.0.0.1");
  const failure = await second.listen(second.api(), port, "127.0.0.1").catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PortInUse);
  expect(failure).toMatchObject({ port, message: `port ${port} is in use`, code: "EADDRINUSE" });
  expect(await second.listen(second.api(), 0, "127.0.0.1")).not.toBe(port);
});

test("without a host a listener is reached on every interface", async () => {
  const { service } = world();
  const app = service.api();
  app.get("/", () => "here");
  const port = await service.listen(app, 0);
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("here");
});

test("a stop lets requests in flight finish, and does not wait for idle or silent connections", async () => {
  const { service } = world({ shutdownTimeoutMs: 10_000 });
  const app = service.api();
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  app.get("/", () => "quick");
  app.get("/slow", async () => {
    arrived.resolve();
    await released.promise;
    return "finished";
  });
  const port = await service.listen(app, 0, "127.0.0.1");

  const silent = connect(port, "127.0.0.1");
  onTestFinished(() => void silent.destroy());
  await once(silent, "connect");
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  expect(await get({ agent, port, path: "/" })).toMatchObject({ text: "quick" });

  const slow = get({ agent, port, path: "/slow" });
  await arrived.promise;
  const silentClosed = once(silent, "close");
  const stopping = service.stop();
  await silentClosed;
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  released.resolve();
  expect(await slow).toEqual({ status: 200, text: "finished", connection: "close" });
  const before = performance.now();
  await stopping;
  expect(performance.now() - before).toBeLessThan(5000);
});

test("at the deadline requests in flight are cut", async () => {
  const { service } = world({ shutdownTimeoutMs: 100 });
  const app = service.api();
  const arrived = Promise.withResolvers<void>();
  app.get("/", () => {
    arrived.resolve();
    return new Promise<string>(() => undefined);
  });
  const port = await service.listen(app, 0, "127.0.0.1");
  const call = fetch(`http://127.0.0.1:${port}/`);
  const failed = expect(call).rejects.toThrow();
  await arrived.promise;
  await service.stop();
  await failed;
});

function world(options: ServiceOptions = {}) {
  const log = keepLines();
  const service = createService("example", { logDestination: log, ...options });
  onTestFinished(() => service.stop({ readyDelayMs: 0 }));
  return { service, log };
}

function stoppable() {
  const part = {
    stopped: false,
    stop: () => {
      part.stopped = true;
    },
  };
  return part;
}

function get(options: { agent: Agent; port: number; path: string }) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status?: number; text: string; connection?: string }>();
  const call = request({ host: "127.0.0.1", ...options }, async (response) => {
    let text = "";
    for await (const chunk of response) text += chunk;
    resolve({ status: response.statusCode ?? 0, text, connection: response.headers.connection ?? "" });
  });
  call.on("error", reject);
  call.end();
  return promise;
}
