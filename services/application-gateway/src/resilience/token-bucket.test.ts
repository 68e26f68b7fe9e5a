import { describe, expect, test } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

describe("a token bucket of two, filled by one in 100 ms", () => {
  test.each([
    { title: "gives its burst at once and then makes wait", at: [0, 0, 0], waits: [0, 0, 100] },
    { title: "asks for less time the later it is", at: [0, 0, 75], waits: [0, 0, 25] },
    { title: "gives one for each share of time", at: [0, 0, 100, 100, 200], waits: [0, 0, 0, 100, 0] },
    { title: "takes nothing from who is made to wait", at: [0, 0, 50, 50, 100], waits: [0, 0, 50, 50, 0] },
    { title: "holds no more than its burst", at: [0, 10_000, 10_000, 10_000], waits: [0, 0, 0, 100] },
    { title: "is full to begin with, whenever that is", at: [1e12, 1e12, 1e12], waits: [0, 0, 100] },
  ])("$title", ({ at, waits }) => {
    const bucket = new TokenBucket(0.01, 2);
    expect(at.map((now) => Math.round(bucket.take(now)))).toEqual(waits);
  });
});
