import { expect, onTestFinished, test } from "vitest";
import { type Backend, startBalancer } from "./balancer.ts";
import { type GatewayProcess, startGatewayProcess } from "./gateway-process.ts";
import { startLoad } from "./steady-load.ts";
import { until, useWorld } from "./world.ts";

const world = useWorld();
/** For a machine that is busy with other things: nothing here is about speed. */
const patienceMs = 30_000;
const flags = ["--drainDelay=2", "--reportStatus=false", "--proxyTimeout=60", "--requestTimeout=60"];

test("DV-20 two replicas are replaced under load, one after the other, and no request fails", async () => {
  const secretName = world.secret({ username: "u", password: "password-of-roll" });
  const app = world.api({ credentials: { type: "Basic", secretName } });
  const balancer = await startBalancer();
  onTestFinished(() => balancer.stop());
  const [first, second] = await Promise.all([replica(), replica()]);
  balancer.add(first.ports);
  balancer.add(second.ports);
  await until(() => balancer.ready === 2);

  const path = (rest: string): string => `/${app}/s${rest}`;
  const requests = [
    { method: "GET", path: path("/bytes/100") },
    { method: "POST", path: path("/sink"), bodyBytes: 1_000 },
    { method: "GET", path: path("/bytes/30000") },
    { method: "POST", path: path("/sink"), bodyBytes: 50_000 },
  ] as const;
  const load = startLoad({ port: balancer.port, rate: 50, requests });
  await until(() => load.succeeded > 50, patienceMs);

  const used: Backend[] = [];
  for (const leaving of [first, second]) {
    const replacement = await replica();
    balancer.add(replacement.ports);
    // As a Deployment with maxUnavailable 0: the new one is there before the old one is told to go.
    await until(() => balancer.ready === 3, patienceMs);
    leaving.process.kill("SIGTERM");
    expect(await leaving.ended).toBe(0);
    used.push(leaving.ports, replacement.ports);
    const before = load.succeeded;
    await until(() => load.succeeded > before + 25 && balancer.connectionsOf(replacement.ports) > 0, patienceMs);
  }

  const { sent, succeeded, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(succeeded).toBe(sent);
  for (const backend of used) expect(balancer.connectionsOf(backend)).toBeGreaterThan(0);
}, 120_000);

async function replica(): Promise<GatewayProcess> {
  const started = await startGatewayProcess(world.kubeconfig, { flags });
  onTestFinished(() => started.stop());
  return started;
}
