import { type RequestShape, saturate } from "../load/wrk.ts";
import type { Load } from "../measure.ts";
import { perCpuSecond } from "../measure.ts";
import type { Running } from "../world/processes.ts";
import { paths } from "../world/routes.ts";
import type { World } from "../world/world.ts";

export const smallGet: RequestShape = { method: "GET", path: `${paths.orders}/v1/orders/1` };

export const smallPost: RequestShape = {
  method: "POST",
  path: `${paths.orders}/v1/orders`,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ customer: "c-4711", note: "x".repeat(990) }),
};

/** Requests per CPU-second while as many are made as are answered. */
export const saturation =
  (shape: (running: Running) => RequestShape) =>
  async ({ effort: { seconds, connections } }: World): Promise<Load> =>
    perCpuSecond(async (running) => (await saturate(running.port, shape(running), seconds, connections)).requests);
