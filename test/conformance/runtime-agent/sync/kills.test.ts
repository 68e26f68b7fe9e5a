import { test } from "vitest";
import { killRounds } from "./kill-rounds.ts";

test("an agent that is killed five times in the middle of a round loses no application and leaves nothing behind", async () => {
  await killRounds(20_261_128, 5);
}, 120_000);
