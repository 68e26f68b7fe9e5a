import { test } from "vitest";
import { engines } from "../../tested-engine.ts";
import { useWorld } from "../world.ts";
import { soak } from "./describe-soak.ts";

const minutes = Number(process.env["MINUTES"] ?? 30);
const world = useWorld();

test.each(engines)(
  "half of the load for a long time, while all around it changes and fails, leaves nothing behind: %s",
  { timeout: 2 * minutes * 60_000 + 300_000 },
  async (engine) => {
    const forMs = minutes * 60_000;
    await soak(world, {
      engine,
      warmUpMs: Math.min(120_000, forMs / 5),
      forMs,
      growthMiB: 8,
    });
  },
);
