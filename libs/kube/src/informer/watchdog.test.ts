import { expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createWatchdog } from "./watchdog.ts";

test("a watchdog bites after silence, not while it is fed", async () => {
  const clock = createManualClock();
  const stop = new AbortController();
  const watchdog = createWatchdog(clock, stop.signal, 90_000);
  await clock.advance(80_000);
  watchdog.feed();
  await clock.advance(80_000);
  expect(watchdog.signal.aborted).toBe(false);
  await clock.advance(10_000);
  expect(watchdog.signal.reason).toMatchObject({ reason: "Silent" });
  watchdog.end();
  expect(clock.pending).toBe(0);
});
