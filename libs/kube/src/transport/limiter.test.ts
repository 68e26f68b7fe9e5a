import { expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createLimiter } from "./limiter.ts";

test("a burst passes at once, what follows at the sustained rate", async () => {
  const clock = createManualClock();
  const limiter = createLimiter(clock, 10, 3);
  let passed = 0;
  const calls = Array.from({ length: 6 }, () => limiter.take().then(() => passed++));
  await clock.advance(0);
  expect(passed).toBe(3);
  await clock.advance(100);
  expect(passed).toBe(4);
  await clock.advance(200);
  expect(passed).toBe(6);
  await Promise.all(calls);
  await clock.advance(1_000);
  await Promise.all([limiter.take(), limiter.take(), limiter.take()]);
  expect(clock.pending).toBe(0);
});

test("whoever gives up waiting leaves the place to others", async () => {
  const clock = createManualClock();
  const limiter = createLimiter(clock, 1, 1);
  await limiter.take();
  const aborter = new AbortController();
  const gaveUp = limiter.take(aborter.signal);
  aborter.abort(new Error("too late"));
  await expect(gaveUp).rejects.toThrow("too late");
  const next = limiter.take();
  await clock.advance(1_000);
  await next;
});
