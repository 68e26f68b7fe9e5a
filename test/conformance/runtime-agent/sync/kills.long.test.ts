import { test } from "vitest";
import { killRounds } from "./kill-rounds.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

test("an agent that is killed fifty times in the middle of a round loses no application and leaves nothing behind", async () => {
  console.log(`SEED=${seed}`);
  await killRounds(seed, 50);
}, 600_000);
