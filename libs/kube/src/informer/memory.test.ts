import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import type { MemoryProbe } from "../testing/memory-probe.ts";

const MiB = 1024 * 1024;

test.each([
  { what: "5 000 Applications of 4 KiB", probe: { count: 5_000, bytes: 4096, metadataOnly: false }, budget: 60 },
  { what: "the metadata of 10 000 objects", probe: { count: 10_000, bytes: 4096, metadataOnly: true }, budget: 25 },
])(
  "$what stay within $budget MiB",
  async ({ probe, budget }) => {
    const { used, objects } = await measure(probe);
    console.log(`${probe.count} objects: ${(used / MiB).toFixed(1)} MiB`);
    expect(objects).toBe(probe.count);
    expect(used / MiB).toBeGreaterThan(1);
    expect(used / MiB).toBeLessThanOrEqual(budget);
  },
  60_000,
);

async function measure(workerData: MemoryProbe): Promise<{ used: number; objects: number }> {
  const thread = new Worker(new URL("../testing/memory-probe.ts", import.meta.url), { workerData });
  const ended = once(thread, "exit");
  const [result] = await once(thread, "message");
  await ended;
  return result;
}
