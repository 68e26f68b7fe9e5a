import { describe, expect, test } from "vitest";
import { RetryBudget, retryDelayMs } from "./retry-budget.ts";

describe("a retry budget", () => {
  test.each([
    { calls: 0, granted: 1 },
    { calls: 1, granted: 1 },
    { calls: 19, granted: 1 },
    { calls: 20, granted: 2 },
    { calls: 1_000, granted: 100 },
  ])("of $calls calls grants $granted retries", ({ calls, granted }) => {
    const budget = new RetryBudget();
    for (let call = 0; call < calls; call++) budget.called(1_000);
    expect(grants(budget, 1_000)).toBe(granted);
  });

  test("forgets calls and retries after ten seconds, a second at a time", () => {
    const budget = new RetryBudget();
    for (let call = 0; call < 20; call++) budget.called(500);
    for (let call = 0; call < 20; call++) budget.called(5_500);
    expect(grants(budget, 5_500)).toBe(4);
    expect(grants(budget, 9_999)).toBe(0);
    // The calls of the first second are gone, the retries are not.
    expect(grants(budget, 10_500)).toBe(0);
    expect(grants(budget, 15_500)).toBe(1);
  });

  test("is what it was in the beginning after a long silence", () => {
    const budget = new RetryBudget();
    for (let call = 0; call < 500; call++) budget.called(0);
    expect(grants(budget, 0)).toBe(50);
    expect(grants(budget, 86_400_000)).toBe(1);
  });

  test("never exceeds its share however calls and retries mix", () => {
    const budget = new RetryBudget();
    let retries = 0;
    for (let now = 0; now < 60_000; now += 7) {
      budget.called(now);
      if (budget.tryAgain(now)) retries++;
    }
    expect(retries).toBeLessThanOrEqual(Math.ceil(60_000 / 7) * 0.1 + 1);
    expect(retries).toBeGreaterThan(800);
  });
});

function grants(budget: RetryBudget, nowMs: number): number {
  let granted = 0;
  while (granted < 10_000 && budget.tryAgain(nowMs)) granted++;
  return granted;
}

test.each([
  [0, 0, 25],
  [0, 0.999, 75],
  [1, 0.5, 100],
  [4, 0.5, 800],
])("after %d retries the next one waits, by chance %d: about %d ms", (retries, random, ms) => {
  expect(Math.round(retryDelayMs(retries, random))).toBe(ms);
});
