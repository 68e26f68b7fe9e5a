import { expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createCorrectionBudget } from "./correction-budget.ts";

test("an object is put right five times a second, then after pauses that grow to a minute, until all is calm", async () => {
  const clock = createManualClock();
  const budget = createCorrectionBudget(clock);
  const five = () => Array.from({ length: 5 }, () => budget.take("a"));
  const pauses: number[] = [];
  for (let round = 0; round < 8; round++) {
    expect(five()).toEqual([0, 0, 0, 0, 0]);
    pauses.push(budget.take("a"));
    expect(budget.take("a")).toBe(pauses.at(-1));
    expect(budget.take("b")).toBe(0);
    await clock.advance(pauses.at(-1) ?? 0);
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  await clock.advance(5 * 60_000);
  five();
  expect(budget.take("a")).toBe(1_000);
});

test("corrections that are far apart never wait", async () => {
  const clock = createManualClock();
  const budget = createCorrectionBudget(clock);
  for (let count = 0; count < 100; count++) {
    expect(budget.take("a")).toBe(0);
    await clock.advance(250);
  }
});
