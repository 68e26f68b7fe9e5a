import { expect, onTestFinished } from "vitest";
import { attempt } from "../attempt.ts";
import { startGatewayProcess } from "../gateway-process.ts";
import { until, type World } from "../world.ts";
import { removeAll } from "./configurations.ts";
import { type FuzzReport, fuzz } from "./fuzz.ts";

export interface FuzzTest {
  readonly seed: number;
  readonly forMs: number;
  readonly engine: "node" | "sockets";
  /** How much more memory may be in use at the end than after the first fifth. */
  readonly growthMiB: number;
}

/** Short limits: whatever stands still is ended before the run is. */
const limits = ["--proxyTimeout=1", "--requestTimeout=1", "--maxRequestDuration=3", "--maxHeaderBytes=16384"];

/** What a run is about: calls that go well, calls that fail, and bytes that are no calls. */
const meant = [200, 400, 404, 500, 502];

/** Fuzzes a program of its own. It must live, answer, hold nothing back and be as small as before. */
export async function survivesFuzz(world: World, test: FuzzTest): Promise<FuzzReport> {
  const flags = [...limits, "--logLevel=info", "--reportStatus=false", `--engine=${test.engine}`];
  const gateway = await startGatewayProcess(world.kubeconfig, { flags, inspectable: true });
  onTestFinished(() => gateway.stop());
  // A line for each failed call would be most of what this run keeps; what is our fault is logged as an error.
  const level = { method: "PUT", body: ['{"level":"error"}'], headers: { "Content-Type": "application/json" } };
  expect((await attempt(gateway.ports.external, "/v1/loglevel", level)).status).toBe(200);
  const good = world.api();
  await until(async () => (await attempt(gateway.ports.proxy, `/${good}/s/x`)).status === 200);

  const lives = (): void => {
    const { exitCode } = gateway.process;
    if (exitCode !== null) throw new Error(`the program has ended with ${exitCode}: ${gateway.output().slice(-4_000)}`);
  };
  const resting = async (): Promise<number> => {
    lives();
    removeAll(world);
    world.target.reset();
    await until(async () => (await inFlight(gateway.ports.external)) === 0, 20_000);
    await until(async () => (await attempt(gateway.ports.proxy, `/${good}/s/x`)).status === 200);
    const { heapMiB, buffersMiB } = await gateway.memory();
    return heapMiB + buffersMiB;
  };
  const options = { clients: 40, changesPerSecond: 20 };
  const first = await fuzz(world, gateway, { ...options, seed: test.seed, forMs: test.forMs / 5 });
  expect(first.faults).toEqual([]);
  const base = await resting();
  const forMs = (test.forMs * 4) / 5;
  const report = await fuzz(world, gateway, { ...options, seed: test.seed + 1_000, forMs, statuses: meant });
  expect(report.faults).toEqual([]);
  const settled = await resting();
  expect(settled - base).toBeLessThan(test.growthMiB);
  expect((await attempt(gateway.ports.external, "/v1/health")).status).toBe(200);
  expect(gateway.output()).not.toMatch(/a request was not handled|unhandled|uncaught/i);
  for (const status of meant) expect([...report.statuses.keys()]).toContain(status);
  return report;
}

async function inFlight(port: number): Promise<number> {
  const { text } = await attempt(port, "/metrics");
  const counts = [...text.matchAll(/^agw_inflight_requests\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, value]) => sum + Number(value), 0);
}
