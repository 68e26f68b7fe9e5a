import { startManaged } from "../world/managed.ts";
import { rssMiB } from "../world/processes.ts";
import type { World } from "../world/world.ts";
import { noWarming, type Scenario } from "./scenario.ts";

/** As many as the contract speaks of, where effort is full. */
const manyApplications = ({ effort }: World): number => effort.applications / 2;

const memory = (name: string, title: string, must: number, applications: (world: World) => number): Scenario => ({
  name,
  title,
  unit: "MiB",
  lessIsBetter: true,
  subject: name,
  rounds: 1,
  budgets: [{ must, aim: 90 }],
  contestants: async (world) => [await world.own(name, () => startManaged(world.folder, name, applications(world)))],
  prepare: async () => async (running) => ({ value: rssMiB(running.pid) }),
  warm: async () => new Promise((resolve) => setTimeout(resolve, 5_000)),
});

/** What the Connector Manager needs for an installation: everything but an ingress. */
export const manager: readonly Scenario[] = [
  {
    name: "manager",
    title: "manager, from its start to the first object that it installs",
    unit: "s",
    lessIsBetter: true,
    subject: "manager",
    budgets: [{ must: 3, aim: 1 }],
    contestants: async (world) => [await world.own("manager", () => startManaged(world.folder, "manager", 0))],
    prepare: async (world) => async () => {
      const { firstApplyMs, stop } = await startManaged(world.folder, "manager-start", 0);
      await stop();
      return { value: firstApplyMs / 1_000 };
    },
    warm: noWarming,
  },
  memory("manager-idle", "manager, memory while it waits", 120, () => 0),
  memory("manager-many", "manager, memory beside thousands of Applications", 150, manyApplications),
];
