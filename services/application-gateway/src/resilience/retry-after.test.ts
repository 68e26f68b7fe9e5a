import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

test.each([
  [["Retry-After", "120"], 120_000],
  [["x", "y", "retry-after", "1"], 1_000],
  [["Retry-After", "Thu, 01 Jan 2026 00:00:30 GMT"], 30_000],
  [["Retry-After", "Wed, 31 Dec 2025 23:59:30 GMT"], 0],
  [["Retry-After", "0"], 0],
  [["Retry-After", "-5"], 0],
  [["Retry-After", "soon"], 0],
  [["Retry-After", ""], 0],
  [[], 0],
])("%j asks for %d ms", (headers, ms) => {
  expect(retryAfterMs(headers, now)).toBe(ms);
});
