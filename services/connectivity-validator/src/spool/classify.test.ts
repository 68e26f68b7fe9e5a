import { expect, test } from "vitest";
import { classify, retryDelayMs } from "./classify.ts";

const now = Date.parse("2030-01-01T00:00:00Z");
const answer = (status: number, ...headers: string[]) => classify({ status, headers, body: Buffer.alloc(0) }, now);

test.each([
  [[200, 202, 204], "delivered"],
  [[400, 401, 403, 404, 413, 415, 422], "refused"],
  [[302, 408, 429, 500, 502, 503, 504, 507], "later"],
])("%j: %s", (statuses, outcome) => {
  for (const status of statuses) expect(answer(status).outcome).toBe(outcome);
});

test("no answer at all: later", () => {
  expect(classify({ kind: "unreachable", error: new Error("refused") }, now)).toEqual({
    outcome: "later",
    why: "unreachable: refused",
    afterMs: undefined,
  });
});

test.each([
  ["3", 3_000],
  ["Tue, 01 Jan 2030 00:00:07 GMT", 7_000],
  ["Mon, 31 Dec 2029 00:00:00 GMT", 0],
  ["999999", 300_000],
  ["soon", undefined],
])("Retry-After %s counts for %d ms", (value, afterMs) => {
  expect(answer(503, "retry-after", value)).toMatchObject({ outcome: "later", afterMs });
});

test("the wait doubles from 250 ms to 30 s, spread by a fifth", () => {
  const delays = [1, 2, 3, 7, 8, 1_000].map((attempts) => retryDelayMs(attempts, () => 0.5));
  expect(delays).toEqual([250, 500, 1_000, 16_000, 30_000, 30_000]);
  expect([retryDelayMs(1, () => 0), retryDelayMs(1, () => 1)]).toEqual([200, 300]);
});
