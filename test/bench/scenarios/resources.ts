import { slowTransfers } from "../load/child.ts";
import { peakRssMiB, rssMiB } from "../world/processes.ts";
import { paths } from "../world/routes.ts";
import type { Subject } from "../world/subjects.ts";
import { noWarming, type Scenario } from "./scenario.ts";

/** Memory and time of a gateway that was started for the measurement. */
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
  {
    name: "idle",
    title: "memory of a gateway that waits",
    unit: "MiB",
    lessIsBetter: true,
    subject: "idle",
    rounds: 1,
    budgets: [{ must: 110, aim: 80 }],
    contestants: async (world) => [await world.newGateway("idle", await world.cluster())],
    prepare: async () => async (running) => ({
      value: rssMiB(running.pid),
      detail: `ready ${((running as Subject).startedInMs / 1_000).toFixed(2)} s after its start (must 1.5, aim 0.7)`,
    }),
    warm: async () => new Promise((resolve) => setTimeout(resolve, 2_000)),
  },
];
