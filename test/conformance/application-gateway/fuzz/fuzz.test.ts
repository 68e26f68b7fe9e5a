import { test } from "vitest";
import { engines } from "../../tested-engine.ts";
import { useWorld } from "../world.ts";
import { survivesFuzz } from "./describe-fuzz.ts";

const world = useWorld();

// A short look with a fixed seed; `npm run test:long` looks for ten minutes with others.
test.each(engines)(
  "bent requests and changing objects leave the gateway as it was: engine %s",
  async (engine) => {
    await survivesFuzz(world, { seed: 1, forMs: 2_000, engine, growthMiB: 16 });
  },
  90_000,
);
