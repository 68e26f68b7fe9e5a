import { expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createExpectations } from "./expectations.ts";

test("an expectation is met by the version, before or after it was asked for, by a delete, or not at all", async () => {
  const clock = createManualClock();
  const expectations = createExpectations(clock);
  expectations.seen("a", "1");
  expectations.seen("a", "2");
  expect(await expectations.wait("a", "1")).toBe(true);
  const later = expectations.wait("a", "3");
  expectations.seen("a", "3");
  expect(await later).toBe(true);
  const deleted = expectations.wait("a", "4");
  expectations.overtaken("a");
  expect(await deleted).toBe(true);
  const never = expectations.wait("a", "5");
  await clock.advance(1_000);
  expect(await never).toBe(false);
  expect(clock.pending).toBe(0);
});
