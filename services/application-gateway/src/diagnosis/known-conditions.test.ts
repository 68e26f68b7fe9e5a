import { describe, expect, test } from "vitest";
import { areKnown, conditionsFrom, memoOf } from "./known-conditions.ts";

const ready = { type: "Ready", status: "True", reason: "Fine", message: "all is well", observedGeneration: 1 } as const;
const names = { type: "NameConflict", status: "False", reason: "Unique", message: "m", observedGeneration: 1 } as const;
const lastTransitionTime = "2026-01-01T00:00:00Z";
const written = [ready, names].map((condition) => ({ ...condition, lastTransitionTime }));

describe("what is kept of conditions", () => {
  test("tells the same statements, in any order, whenever they began", () => {
    const later = written.map((condition) => ({ ...condition, lastTransitionTime: "2027-01-01T00:00:00Z" }));
    for (const conditions of [written, [...written].reverse(), later]) {
      expect(areKnown([ready, names], memoOf({ conditions }))).toBe(true);
    }
  });

  test.each([
    ["status", { status: "False" }],
    ["reason", { reason: "Other" }],
    ["message", { message: "other" }],
    ["observedGeneration", { observedGeneration: 2 }],
  ] as const)("tells another %s", (_, other) => {
    expect(areKnown([{ ...ready, ...other }, names], memoOf({ conditions: written }))).toBe(false);
  });

  test("tells a condition more or less, and none at all", () => {
    expect(areKnown([ready], memoOf({ conditions: written }))).toBe(false);
    expect(areKnown([ready, names], memoOf({ conditions: written.slice(1) }))).toBe(false);
    expect(memoOf({})).toBeUndefined();
    expect(memoOf(undefined)).toBeUndefined();
    expect(areKnown([ready, names], undefined)).toBe(false);
  });

  test("is of our own conditions only", () => {
    const synced = { ...ready, type: "Synced", lastTransitionTime };
    expect(memoOf({ conditions: [synced] })).toBeUndefined();
    expect(memoOf({ conditions: [...written, synced] })).toBe(memoOf({ conditions: written }));
  });

  test("says since when each holds", () => {
    expect(conditionsFrom(memoOf({ conditions: written }))).toEqual(
      written.map(({ type, status }) => ({ type, status, reason: "", message: "", lastTransitionTime })),
    );
    expect(conditionsFrom(undefined)).toEqual([]);
  });

  test("is a fraction of the conditions", () => {
    const conditions = written.map((condition) => ({ ...condition, message: "x".repeat(2_000) }));
    expect(memoOf({ conditions })?.length).toBeLessThan(120);
  });
});
