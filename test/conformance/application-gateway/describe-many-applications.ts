import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";
import { attempt } from "./attempt.ts";
import { startGatewayProcess } from "./gateway-process.ts";
import { startLoad } from "./steady-load.ts";
import { until, type World } from "./world.ts";

export interface ManyApplications {
  readonly applications: number;
  /** How long they change while traffic runs. */
  readonly forMs: number;
  readonly engine: "node" | "sockets";
}

export interface ManyApplicationsReport {
  readonly changes: number;
  readonly requests: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** How long it took until the last of the checked changes applied. */
  readonly slowestChangeMs: number;
  readonly residentMiB: number;
}

const servicesEach = 3;
const changesPerSecond = 50;

/**
 * Loads so many Applications with three services each, then changes fifty of them in a second while traffic runs to others
 * and to those that change. No request fails, and a change applies within two seconds.
 */
export async function servesManyApplications(
  world: World,
  { applications, forMs, engine }: ManyApplications,
): Promise<ManyApplicationsReport> {
  for (let index = 0; index < applications; index++) {
    write(world, index, 0);
    // The API server lives in this process, and has watches to serve meanwhile.
    if (index % 100 === 0) await delay(0);
  }
  const flags = [`--engine=${engine}`, "--reportStatus=false", "--logLevel=info", "--proxyTimeout=60"];
  const gateway = await startGatewayProcess(world.kubeconfig, { flags, servingWithinMs: 120_000 });
  onTestFinished(() => gateway.stop());
  const { proxy } = gateway.ports;
  const urlOf = async (index: number, service: number): Promise<string> => {
    const { text, status } = await attempt(proxy, `/many-${index}/service-${service}/x`);
    if (status !== 200) throw new Error(`many-${index} is answered ${status}: ${text}`);
    return (JSON.parse(text) as { url: string }).url;
  };
  for (const index of [0, 1, applications - 1]) {
    for (let service = 0; service < servicesEach; service++) {
      expect(await urlOf(index, service)).toBe(`/version-0/${index}/${service}/x`);
    }
  }

  const asked = Array.from({ length: 200 }, (_, nr) => Math.floor((nr * applications) / 200));
  const requests = asked.map((index) => ({
    method: "GET" as const,
    path: `/many-${index}/service-${index % servicesEach}/x`,
  }));
  const load = startLoad({ port: proxy, rate: 50, requests });
  const startedAt = performance.now();
  let changes = 0;
  let slowestChangeMs = 0;
  while (performance.now() - startedAt < forMs) {
    const index = (changes * 7) % applications;
    changes++;
    write(world, index, changes);
    if (changes % 25 === 0) {
      const changedAt = performance.now();
      const expected = `/version-${changes}/${index}/1/x`;
      await until(async () => (await urlOf(index, 1)) === expected, 20_000);
      slowestChangeMs = Math.max(slowestChangeMs, performance.now() - changedAt);
    }
    const due = startedAt + (changes * 1_000) / changesPerSecond;
    await delay(Math.max(0, due - performance.now()));
  }
  const { sent, succeeded, failures, p50, p99 } = await load.stop();
  expect(failures).toEqual([]);
  expect(succeeded).toBe(sent);
  expect(slowestChangeMs).toBeLessThan(2_000);

  // Nobody is left behind: a last change of the last one arrives, and one that is deleted is gone.
  write(world, applications - 1, changes + 1);
  await until(async () => (await urlOf(applications - 1, 2)) === `/version-${changes + 1}/${applications - 1}/2/x`);
  world.cluster.delete({ ...application, name: "many-0" });
  await until(async () => (await attempt(proxy, "/many-0/service-0/x")).status === 404);
  const { text } = await attempt(gateway.ports.external, "/metrics");
  expect(text).toMatch(new RegExp(`^agw_config_objects\\{kind="Application"\\} ${applications - 1}$`, "m"));
  return { changes, requests: sent, p50, p99, slowestChangeMs, residentMiB: gateway.resident().now };
}

const application = { apiVersion: "applicationconnector.kyma-project.io/v1alpha1", kind: "Application" };

function write(world: World, index: number, version: number): void {
  const services = Array.from({ length: servicesEach }, (_, service) => ({
    displayName: `Service ${service}`,
    entries: [{ targetUrl: `${world.target.url}/version-${version}/${index}/${service}` }],
  }));
  world.application(services, {}, `many-${index}`);
}
