import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";
import { attempt } from "../attempt.ts";
import { type GatewayProcess, startGatewayProcess } from "../gateway-process.ts";
import type { LoadRequest } from "../steady-load.ts";
import { until, type World } from "../world.ts";
import type { LoadProcess } from "./load-process.ts";
import { ownProcess } from "./own-process.ts";
import type { TargetsProcess } from "./targets-process.ts";

export interface Soak {
  readonly engine: "node" | "sockets";
  /** Before anything is compared: what a process needs when it does something for the first time. */
  readonly warmUpMs: number;
  readonly forMs: number;
  readonly growthMiB: number;
}

/** What a process holds. */
interface Holdings {
  readonly residentMiB: number;
  readonly heapMiB: number;
  readonly buffersMiB: number;
  readonly handles: number;
  readonly descriptors: number;
}

export interface SoakReport {
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly connections: number;
  readonly changes: number;
  readonly before: Holdings;
  readonly after: Holdings;
  /** While it ran. */
  readonly residentMiB: readonly number[];
}

/** Short limits: whatever stands still is ended soon. */
const limits = ["--proxyTimeout=5", "--requestTimeout=2", "--maxRequestDuration=10"];
const idleMs = 3_500;
const changesPerSecond = 5;
const samples = 12;
const maxInFlight = 64;

/**
 * Half of the load that it can take, while connections come and go, Applications change and a target fails. Nobody who asks
 * properly may notice, and the process must hold as much at the end as after its first minutes.
 */
export async function soak(world: World, { engine, warmUpMs, forMs, growthMiB }: Soak): Promise<SoakReport> {
  const [targets, clients] = [
    ownProcess<TargetsProcess>("targets-process.ts"),
    ownProcess<LoadProcess>("load-process.ts"),
  ];
  onTestFinished(async () => {
    await Promise.all([targets.stop(), clients.stop()]);
  });
  const { steady, other, failing } = await targets.call("urls", 1);
  const flags = [...limits, "--logLevel=info", "--reportStatus=false", `--engine=${engine}`];
  const gateway = await startGatewayProcess(world.kubeconfig, { flags, inspectable: true });
  onTestFinished(() => gateway.stop());
  // A line for each failed call would be most of what this run keeps.
  const level = { method: "PUT", body: ['{"level":"fatal"}'], headers: { "Content-Type": "application/json" } };
  await attempt(gateway.ports.external, "/v1/loglevel", level);
  const { proxy } = gateway.ports;
  const [good, bad] = [world.api({ targetUrl: steady }), world.api({ targetUrl: failing })];
  const change = (version: number): void => {
    const targetUrl = version % 2 === 0 ? steady : other;
    world.application([{ displayName: "s", entries: [{ targetUrl: `${targetUrl}/${version % 10}` }] }], {}, "changing");
    // Comes and goes.
    if (version % 4 === 0) world.application([{ displayName: "s", entries: [{ targetUrl }] }], {}, "passing");
    if (version % 4 === 2) world.cluster.delete({ ...application, name: "passing" });
  };
  change(0);
  const paths = [good, "changing"].map((name) => `/${name}/s/x`);
  const requests: LoadRequest[] = paths.flatMap((path) => [
    { method: "GET", path },
    { method: "POST", path, bodyBytes: 1_024 },
    { method: "POST", path, bodyBytes: 20_000 },
  ]);
  for (const path of paths) await until(async () => (await attempt(proxy, path)).status === 200);

  const residentMiB: number[] = [];
  let changes = 0;
  let connections = 0;
  const tried = { port: proxy, path: paths[0] as string, forMs: Math.min(3_000, warmUpMs) };
  const rate = Math.min(1_000, Math.floor((await clients.call("saturation", tried)) / 2));
  const run = async (ms: number): Promise<number> => {
    await clients.call("start", {
      load: { port: proxy, rate, requests, maxInFlight },
      churn: { port: proxy, perSecond: 40, paths: [...paths, `/${bad}/s/x`, "/passing/s/x"] },
      seed: changes + 1,
    });
    const startedAt = performance.now();
    for (let at = 0; at < ms; at += 1_000 / changesPerSecond) {
      change(++changes);
      if (at >= (residentMiB.length * ms) / samples) residentMiB.push(Math.round(gateway.resident().now));
      await delay(Math.max(0, startedAt + at - performance.now()));
    }
    const { sent, succeeded, failures, connections: opened } = await clients.call("stop");
    connections += opened;
    expect(failures).toEqual([]);
    expect(succeeded).toBe(sent);
    return sent;
  };

  await run(warmUpMs);
  residentMiB.length = 0;
  const before = await resting(gateway);
  const sent = await run(forMs);
  const after = await resting(gateway);
  const report = { requestsPerSecond: rate, requests: sent, connections, changes, before, after, residentMiB };
  console.log(`${engine}: ${JSON.stringify(report)}`);
  expect(after.heapMiB + after.buffersMiB).toBeLessThan(before.heapMiB + before.buffersMiB + growthMiB);
  expect(after.residentMiB).toBeLessThan(before.residentMiB + 2 * growthMiB);
  expect(after.handles).toBeLessThanOrEqual(before.handles + 2);
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 2);
  expect(gateway.output()).not.toMatch(/a request was not handled|unhandled|uncaught/i);
  return report;
}

const application = { apiVersion: "applicationconnector.kyma-project.io/v1alpha1", kind: "Application" };

/** What it holds when nothing is under way, and idle connections have been given up. */
async function resting(gateway: GatewayProcess): Promise<Holdings> {
  const descriptors = (): number => readdirSync(`/proc/${gateway.process.pid}/fd`).length;
  await until(async () => (await inFlight(gateway.ports.external)) === 0, 30_000);
  // Idle connections of both sides are given up after two seconds; a handshake or a lookup may be under way then.
  await delay(idleMs);
  for (let last = 0, now = descriptors(); now !== last; now = descriptors()) {
    last = now;
    await delay(500);
  }
  const { heapMiB, buffersMiB, handles } = await gateway.memory();
  return {
    residentMiB: Math.round(gateway.resident().now),
    heapMiB: Math.round(heapMiB),
    buffersMiB: Math.round(buffersMiB),
    handles,
    descriptors: descriptors(),
  };
}

async function inFlight(port: number): Promise<number> {
  const { text } = await attempt(port, "/metrics");
  const counts = [...text.matchAll(/^agw_inflight_requests\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, value]) => sum + Number(value), 0);
}
