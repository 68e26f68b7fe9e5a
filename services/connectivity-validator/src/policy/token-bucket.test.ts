import { expect, test } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

test("a burst at once, then as many as come", () => {
  const bucket = new TokenBucket({ perSecond: 5, burst: 3 }, 0);
  const taken = (nowMs: number, tries: number) =>
    Array.from({ length: tries }, () => bucket.take(nowMs)).filter(Boolean);
  expect(taken(0, 10)).toHaveLength(3);
  expect(taken(199, 10)).toHaveLength(0);
  expect(taken(200, 10)).toHaveLength(1);
  expect(taken(1_200, 10)).toHaveLength(3);
  expect(taken(1_000_000, 10)).toHaveLength(3);
});

test("says how many are left and how long to wait", () => {
  const bucket = new TokenBucket({ perSecond: 0.5, burst: 2 }, 0);
  expect([bucket.remaining, bucket.waitS, bucket.resetS]).toEqual([2, 0, 0]);
  bucket.take(0);
  expect([bucket.remaining, bucket.waitS, bucket.resetS]).toEqual([1, 0, 2]);
  bucket.take(0);
  expect([bucket.remaining, bucket.waitS, bucket.resetS]).toEqual([0, 2, 4]);
});

test("what is owed is waited for", () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 10 }, 0);
  expect(bucket.take(0)).toBe(true);
  bucket.owe(19);
  expect([bucket.take(0), bucket.remaining, bucket.waitS]).toEqual([false, 0, 2]);
  expect([bucket.take(1_000), bucket.take(1_100)]).toEqual([false, true]);
});

test("a clock that goes back gives nothing and takes nothing", () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 1_000_000);
  expect(bucket.take(1_000_000)).toBe(true);
  expect(bucket.take(0)).toBe(false);
  expect(bucket.take(1_000)).toBe(true);
});
