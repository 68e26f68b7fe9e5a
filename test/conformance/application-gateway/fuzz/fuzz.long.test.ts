import { test } from "vitest";
import { engines } from "../../tested-engine.ts";
import { useWorld } from "../world.ts";
import { survivesFuzz } from "./describe-fuzz.ts";

const world = useWorld();
const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 1e9));
const minutes = Number(process.env["FUZZ_MINUTES"] ?? 10);

test.each(engines)("engine %s", async (engine) => {
  console.log(`seed ${seed}; to repeat: FUZZ_SEED=${seed} npm run test:long -- fuzz`);
  const forMs = (minutes * 60_000) / 2;
  const { connections, changes, statuses } = await survivesFuzz(world, { seed, forMs, engine, growthMiB: 16 });
  console.log(`${engine}: ${connections} connections, ${changes} changes, answers ${JSON.stringify([...statuses])}`);
});
