import { expect, test } from "vitest";
import { wholeSeconds } from "./whole-seconds.ts";

test.each([
  ["10s", 10],
  ["1m30s", 90],
  ["400ms", 1],
  ["1500ms", 2],
  ["2500ms", 3],
  ["1ns", 1],
  ["24h", 86_400],
])("CM-21 %s is %i", (duration, seconds) => {
  expect(wholeSeconds(duration)).toBe(seconds);
});

test.each(["abc", "10", "-5s", "0s", "25h", "", "1 s"])("%j is no duration that a flag can have", (duration) => {
  expect(wholeSeconds(duration)).toBeUndefined();
});
