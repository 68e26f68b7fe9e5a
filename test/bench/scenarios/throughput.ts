import { transfer } from "../load/child.ts";
import { type Load, perCpuSecond } from "../measure.ts";
import { paths } from "../world/routes.ts";
import type { World } from "../world/world.ts";
import { saturation, smallGet, smallPost } from "./requests.ts";
import { againstPeers, type Scenario } from "./scenario.ts";

const bodies =
  (direction: "down" | "up", path: string) =>
  async ({ effort: { blobBytes, blobCount } }: World): Promise<Load> =>
    perCpuSecond(
      async (running) => (await transfer(running.port, path, direction, blobBytes, blobCount)) / (1024 * 1024),
    );

const requests = {
  unit: "req/CPU-s",
  subject: "gateway",
  contestants: againstPeers("go", "nginx", "haproxy"),
  budgets: [
    { peer: "go", must: 1.2, aim: 2.2 },
    { peer: "nginx", must: 0.28, aim: 0.55 },
  ],
} as const;

/** Work per CPU-second of the gateway and of its peers. */
export const throughput: readonly Scenario[] = [
  { ...requests, name: "small-get", title: "small GET", prepare: saturation(() => smallGet) },
  { ...requests, name: "post-1k", title: "POST 1 KiB", prepare: saturation(() => smallPost) },
  {
    ...requests,
    name: "tls",
    title: "small GET, TLS to the target",
    budgets: [{ peer: "go", must: 1.0, aim: 2.0 }],
    prepare: saturation(() => ({ method: "GET", path: `${paths.secure}/v1/orders/1` })),
  },
  {
    ...requests,
    name: "download",
    title: "100 MiB down",
    unit: "MiB/CPU-s",
    budgets: [{ peer: "go", must: 0.4, aim: 1.3 }],
    prepare: bodies("down", `${paths.orders}/blob`),
  },
  {
    ...requests,
    name: "upload",
    title: "100 MiB up",
    unit: "MiB/CPU-s",
    budgets: [{ peer: "go", must: 0.3, aim: 1.05 }],
    prepare: bodies("up", `${paths.sink}/upload`),
  },
];
