import { saturate } from "../load/wrk.ts";
import type { Running } from "../world/processes.ts";
import { application } from "../world/routes.ts";
import { saturation, smallGet } from "./requests.ts";
import { alone, noWarming, type Scenario } from "./scenario.ts";

const open = { method: "GET", path: `/${application}/open/v1/orders/1` } as const;
const oauth = { method: "GET", path: `/${application}/oauth/v1/orders/1` } as const;

/** A contestant under another name: the same process with another load. */
const as = (name: string, running: Running): Running => ({ ...running, name });

/** A twentieth has to be told from noise that is larger. */
const roundsForSmallDifferences = 3;

/** What the size of the configuration and its kind cost a request. */
export const configuration: readonly Scenario[] = [
  {
    name: "applications",
    title: "small GET among 10,000 Applications × 3 APIs",
    unit: "req/CPU-s",
    subject: "many",
    budgets: [{ peer: "one", must: 0.95, aim: 0.98 }],
    roundsForOne: roundsForSmallDifferences,
    // Both new: what a process has done before shows in its heap.
    async contestants(world) {
      const many = await world.cluster("many", { others: world.effort.applications });
      return [await world.newGateway("one", await world.cluster()), await world.newGateway("many", many)];
    },
    prepare: saturation(() => smallGet),
  },
  {
    name: "oauth",
    title: "small GET with a cached OAuth token",
    unit: "req/CPU-s",
    subject: "oauth",
    budgets: [{ peer: "open", must: 0.95, aim: 0.98 }],
    roundsForOne: roundsForSmallDifferences,
    async contestants(world) {
      const gateway = await world.gateway();
      return [as("open", gateway), as("oauth", gateway)];
    },
    prepare: saturation(({ name }) => (name === "oauth" ? oauth : open)),
  },
  {
    name: "expired-token",
    title: "token requests of 1,000 calls that meet an expired token",
    unit: "requests",
    lessIsBetter: true,
    subject: "expired",
    rounds: 1,
    budgets: [{ must: 1, aim: 1 }],
    async contestants(world) {
      return [as("expired", await world.newGateway("expired", await world.cluster()))];
    },
    async prepare(world) {
      const identityProvider = await world.identityProvider();
      return async ({ port }) => {
        const get = async (): Promise<void> => {
          const response = await fetch(`http://127.0.0.1:${port}${oauth.path}`);
          await response.arrayBuffer();
          if (response.status !== 200) throw new Error(`a call was answered with ${response.status}`);
        };
        const lifetime = identityProvider.tokenLifetimeS;
        // Two seconds are taken off for safety: this one is over after one.
        identityProvider.tokenLifetimeS = 3;
        await get();
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        identityProvider.tokenLifetimeS = lifetime;
        const before = identityProvider.requests.length;
        for (let batch = 0; batch < 10; batch++) await Promise.all(Array.from({ length: 100 }, get));
        return { value: identityProvider.requests.length - before };
      };
    },
    warm: noWarming,
  },
  {
    name: "token-ahead",
    title: "calls that wait for a token while the old one runs out",
    unit: "calls",
    lessIsBetter: true,
    subject: "ahead",
    rounds: 1,
    budgets: [{ must: 0, aim: 0, isInformative: true }],
    async contestants(world) {
      return [as("ahead", await world.newGateway("ahead", await world.cluster()))];
    },
    async prepare(world) {
      const identityProvider = await world.identityProvider();
      return async ({ port }) => {
        const get = async (): Promise<number> => {
          const sentAt = performance.now();
          const response = await fetch(`http://127.0.0.1:${port}${oauth.path}`);
          await response.arrayBuffer();
          return performance.now() - sentAt;
        };
        const lifetime = identityProvider.tokenLifetimeS;
        // Three seconds of use: two are taken off for safety. Another one takes four tenths of a second.
        identityProvider.tokenLifetimeS = 5;
        await get();
        identityProvider.fail({ slowMs: 400 }, 100);
        const before = identityProvider.requests.length;
        const until = performance.now() + 4_500;
        let late = 0;
        let calls = 0;
        while (performance.now() < until) {
          const took = await Promise.all(Array.from({ length: 4 }, get));
          calls += took.length;
          late += took.filter((ms) => ms > 200).length;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        identityProvider.heal();
        identityProvider.tokenLifetimeS = lifetime;
        return { value: late, detail: `${calls} calls, ${identityProvider.requests.length - before} token requests` };
      };
    },
    warm: noWarming,
  },
  {
    name: "kubernetes-reads",
    title: "Kubernetes requests of 1,000 calls and more",
    unit: "requests",
    lessIsBetter: true,
    subject: "gateway",
    rounds: 1,
    budgets: [{ must: 0, aim: 0 }],
    contestants: alone,
    async prepare(world) {
      const cluster = await world.cluster();
      const ofGateway = (): number =>
        cluster.requests.list().filter(({ userAgent }) => userAgent.includes("application-gateway")).length;
      return async ({ port }) => {
        const before = ofGateway();
        const { requests } = await saturate(port, smallGet, 1, 16);
        if (requests < 1_000) throw new Error(`only ${requests} calls were made`);
        return { value: ofGateway() - before, detail: `${requests} calls` };
      };
    },
    warm: noWarming,
  },
];
