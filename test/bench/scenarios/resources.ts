import { slowTransfers } from "../load/child.ts";
import { peakRssMiB, rssMiB } from "../world/processes.ts";
import { paths } from "../world/routes.ts";
import type { Subject } from "../world/subjects.ts";
import type { World } from "../world/world.ts";
import { noWarming, type Scenario } from "./scenario.ts";

/** Each service that a cluster runs, started as often as it is wanted. */
const services: Readonly<Record<string, (world: World) => Promise<Subject>>> = {
  gateway: async (world) => world.newGateway("gateway", await world.cluster()),
  validator: (world) => world.newValidator(),
  agent: (world) => world.newAgent(),
};

/** Time until a service is ready, and its memory while it waits. */
const ofService = ([name, start]: readonly [string, (typeof services)[string]]): readonly Scenario[] => [
  {
    name: `start-${name}`,
    title: `${name}, start to ready`,
    unit: "s",
    lessIsBetter: true,
    subject: name,
    budgets: [{ must: 1.5, aim: 0.7, isInformative: true }],
    contestants: async (world) => [{ ...(await start(world)), name }],
    prepare: async (world) => async () => {
      const { startedInMs, stop } = await start(world);
      await stop();
      return { value: startedInMs / 1_000 };
    },
    warm: noWarming,
  },
  {
    name: `idle-${name}`,
    title: `${name}, memory while it waits`,
    unit: "MiB",
    lessIsBetter: true,
    subject: name,
    rounds: 1,
    budgets: [{ must: 110, aim: 80 }],
    contestants: async (world) => [{ ...(await start(world)), name }],
    prepare: async () => async (running) => ({ value: rssMiB(running.pid) }),
    warm: async () => new Promise((resolve) => setTimeout(resolve, 2_000)),
  },
];

export const resources: readonly Scenario[] = [
  {
    name: "memory",
    title: "peak memory, 16 × 100 MiB both ways, slow readers",
    unit: "MiB",
    lessIsBetter: true,
    subject: "slow",
    rounds: 1,
    budgets: [{ must: 256, aim: 96 }],
    contestants: async (world) => [await world.newGateway("slow", await world.cluster())],
    async prepare({ effort: { blobBytes, connections } }) {
      const plan = { down: `${paths.orders}/blob`, up: `${paths.sink}/slow`, bytes: blobBytes };
      return async ({ port, pid }) => {
        await slowTransfers({ ...plan, port, parallel: connections < 64 ? 4 : 16 });
        return { value: peakRssMiB(pid) };
      };
    },
    warm: noWarming,
  },
  ...Object.entries(services).flatMap(ofService),
];
