import { atFixedRate } from "../load/child.ts";
import { saturate } from "../load/wrk.ts";
import type { Load } from "../measure.ts";
import type { Running } from "../world/processes.ts";
import type { World } from "../world/world.ts";
import { smallGet } from "./requests.ts";
import { againstPeers, type Scenario } from "./scenario.ts";

/** The p99 of an open loop at half of what the reference can answer. */
const atHalfOfSaturation =
  (connectionsOf: (world: World) => number) =>
  async (world: World, reference: Running): Promise<Load> => {
    const connections = connectionsOf(world);
    const { requests, seconds } = await saturate(reference.port, smallGet, world.effort.seconds, connections);
    const rate = Math.floor(requests / seconds / 2);
    const plan = { path: smallGet.path, rate, warmUpSeconds: 0.5, seconds: 1, connections };
    return async ({ port }) => {
      const { p50, p99, p999 } = await atFixedRate({ ...plan, port });
      const text = [p50, p99, p999].map((value) => value.toFixed(2)).join(" / ");
      return { value: p99, detail: `p50 / p99 / p99.9 ms at ${rate} req/s: ${text}` };
    };
  };

/** Both kinds of load: a program that knows only saturation still compiles in its first open loop. */
const warm: NonNullable<Scenario["warm"]> = async ({ effort: { seconds, connections } }, running, load) => {
  await saturate(running.port, smallGet, seconds, connections);
  for (let time = 0; time < 2; time++) await load(running);
};

/**
 * One pause of the machine decides the p99 of the second in which it falls, and of no other. So there are many short
 * rounds, in which only the two that are compared take turns, and the median of their ratios.
 */
const common = {
  unit: "ms",
  lessIsBetter: true,
  subject: "gateway",
  contestants: againstPeers("go"),
  roundsForOne: 5,
  warm,
} as const;

export const latency: readonly Scenario[] = [
  {
    ...common,
    name: "latency",
    title: "p99 at half of the peer's saturation",
    budgets: [{ peer: "go", must: 1.0, aim: 0.5 }],
    prepare: atHalfOfSaturation(({ effort }) => effort.connections),
  },
  {
    ...common,
    name: "connections",
    title: "p99 at half of the peer's saturation over 1,000 connections",
    budgets: [{ peer: "go", must: 3, aim: 1 }],
    prepare: atHalfOfSaturation(({ effort }) => (effort.connections < 64 ? 100 : 1_000)),
  },
];
