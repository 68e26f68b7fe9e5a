import { expect, test } from "vitest";
import { testedEngine } from "../../tested-engine.ts";
import { useWorld } from "../world.ts";
import { soak } from "./describe-soak.ts";

const world = useWorld();

// Half an hour is for `npm run test:long -- soak`.
test("half of the load, while all around it changes and fails, leaves nothing behind", {
  timeout: 90_000,
}, async () => {
  const { requests, changes, connections } = await soak(world, {
    engine: testedEngine,
    warmUpMs: 1_000,
    forMs: 2_000,
    growthMiB: 16,
  });
  for (const count of [requests, changes, connections]) expect(count).toBeGreaterThan(10);
});
