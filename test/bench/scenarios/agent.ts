import type { Sample } from "../measure.ts";
import type { Formation } from "../world/formation.ts";
import { cpuSeconds, peakRssMiB } from "../world/processes.ts";
import type { World } from "../world/world.ts";
import { noWarming, type Scenario } from "./scenario.ts";

const sizes = ({ effort: { applications } }: World): number[] => [applications / 100, applications / 10, applications];

/** The largest formation, in which everything is mirrored already. */
const mirrored = async (world: World): Promise<Formation[]> => {
  const formation = await world.formation(world.effort.applications);
  if ((await formation.asked()) === 0) await firstRound(formation);
  return [{ ...formation, name: "unchanged" }];
};

/** Pairing is not part of it: making a key of 4096 bits takes as long as many applications. */
async function firstRound(formation: Formation): Promise<Sample> {
  const { applications, pid } = formation;
  await formation.pair();
  const [cpu, wallMs] = [cpuSeconds(pid), performance.now()];
  await formation.synchronized();
  const [usedMs, seconds] = [(cpuSeconds(pid) - cpu) * 1_000, (performance.now() - wallMs) / 1_000];
  const writes = (await formation.requests()).filter(({ method }) => method !== "GET").length;
  const detail = `${seconds.toFixed(1)} s, ${await formation.asked()} calls to UCL, ${writes} writes, ${await eventLoopDelay(formation)}`;
  return { value: usedMs / applications, detail };
}

/** The longest waits since the process began. */
async function eventLoopDelay({ metricsUrl }: Formation): Promise<string> {
  const text = await (await fetch(metricsUrl)).text();
  const of = (quantile: string): string => {
    const value = new RegExp(`^nodejs_eventloop_lag_${quantile}_seconds ([\\d.e-]+)$`, "m").exec(text)?.[1];
    return `${(Number(value ?? Number.NaN) * 1_000).toFixed(0)} ms`;
  };
  return `event loop delay p99 ${of("p99")}, max ${of("max")}`;
}

interface Change {
  readonly writes: number;
  /** From the change in UCL to the first answer through the gateway, in a round that begins with it. */
  readonly seconds: number;
  readonly detail: string;
}

/** One application gets another API. */
async function change(world: World, formation: Formation): Promise<Change> {
  const [{ origin }, gateway] = [await world.target(), await world.gatewayOf(formation)];
  await formation.forgetRequests();
  const path = await formation.change(origin);
  const began = performance.now();
  const round = formation.resync();
  const until = began + 60_000;
  while ((await status(gateway.bundlePort, path)) !== 200) {
    if (performance.now() > until) throw new Error(`${path} cannot be called a minute after it was added in UCL`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const [seconds, seenAt] = [(performance.now() - began) / 1_000, Date.now()];
  const ownSeconds = (seenAt - (await formation.lastPage())) / 1_000;
  await round;
  const seen = (await formation.requests()).filter(({ method, url }) => method !== "GET" && !isByGateway(url));
  const detail = `${seen.map(({ method, resource }) => `${method} ${resource}`).join(", ")}; ${seconds.toFixed(2)} s from UCL to the gateway, ${ownSeconds.toFixed(2)} s of them since UCL was asked for its last page`;
  return { writes: seen.length, seconds, detail };
}

/** It writes into the status of Applications what it finds wrong with them. */
const isByGateway = (url: string): boolean => url.includes("fieldManager=application-gateway");

async function status(port: number, path: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  await response.arrayBuffer();
  return response.status;
}

/** What the Runtime Agent needs for formations of different sizes: two bundles of three APIs in each application. */
export const agent: readonly Scenario[] = [
  {
    name: "agent",
    title: "first round of the runtime agent, time per application",
    unit: "CPU-ms/app",
    lessIsBetter: true,
    subject: "all",
    rounds: 1,
    budgets: [{ peer: "tenth", must: 1.2, aim: 1 }],
    async contestants(world) {
      const names = ["hundredth", "tenth", "all"];
      const formations = await Promise.all(sizes(world).map((size) => world.formation(size)));
      return formations.map((formation, at) => ({ ...formation, name: names[at] ?? "" }));
    },
    prepare: async () => (running) => firstRound(running as Formation),
    warm: noWarming,
  },
  {
    name: "agent-unchanged",
    title: "a round of the runtime agent in which nothing has changed",
    unit: "writes",
    lessIsBetter: true,
    subject: "unchanged",
    rounds: 1,
    budgets: [{ must: 0, aim: 0 }],
    contestants: mirrored,
    prepare: async () => async (running) => {
      const formation = running as Formation;
      const { pid, applications } = formation;
      await formation.forgetRequests();
      const [asked, cpu, wallMs] = [await formation.asked(), cpuSeconds(pid), performance.now()];
      await formation.resync();
      const [usedMs, seconds] = [(cpuSeconds(pid) - cpu) * 1_000, (performance.now() - wallMs) / 1_000];
      const seen = await formation.requests();
      const writes = seen.filter(({ method }) => method !== "GET").length;
      const detail = `${seconds.toFixed(1)} s, ${(usedMs / applications).toFixed(2)} CPU-ms/app, ${(await formation.asked()) - asked} calls to UCL, ${seen.length - writes} reads, ${await eventLoopDelay(formation)}`;
      return { value: writes, detail };
    },
    warm: noWarming,
  },
  {
    name: "agent-changed",
    title: "a round of the runtime agent in which one application has changed",
    unit: "writes",
    lessIsBetter: true,
    subject: "unchanged",
    rounds: 1,
    budgets: [{ must: 1, aim: 1 }],
    contestants: mirrored,
    prepare: async (world) => async (running) => {
      const { writes, detail } = await change(world, running as Formation);
      return { value: writes, detail };
    },
    warm: noWarming,
  },
  {
    name: "agent-visible",
    title: "from a change in UCL to the gateway, beyond the wait for the next round",
    unit: "s",
    lessIsBetter: true,
    subject: "unchanged",
    rounds: 1,
    budgets: [{ must: 2, aim: 1 }],
    contestants: mirrored,
    prepare: async (world) => async (running) => {
      const { seconds, detail } = await change(world, running as Formation);
      return { value: seconds, detail };
    },
    warm: noWarming,
  },
  {
    name: "agent-memory",
    title: "peak memory of the runtime agent with all applications",
    unit: "MiB",
    lessIsBetter: true,
    subject: "unchanged",
    rounds: 1,
    budgets: [{ must: 384, aim: 256 }],
    contestants: mirrored,
    prepare:
      async () =>
      async ({ pid }) => ({ value: peakRssMiB(pid) }),
    warm: noWarming,
  },
];
