import { test } from "vitest";
import { killRounds } from "./kill-rounds.ts";

test("an agent that is killed five times at any moment loses nothing and spends no token twice", async () => {
  await killRounds(20_261_128, 5);
}, 120_000);
