import { expect, test } from "vitest";
import type { Condition } from "../resources/types.ts";
import { isConditionTrue, removeCondition, setCondition, setConditions } from "./conditions.ts";

const then = "2026-01-01T00:00:00Z";
const now = new Date("2026-01-02T03:04:05.678Z");
const ready: Condition = {
  type: "Ready",
  status: "True",
  reason: "Verified",
  message: "all is well",
  lastTransitionTime: then,
  observedGeneration: 1,
};
const installed: Condition = { ...ready, type: "Installed" };
const list = [ready, installed];

test("what is stated again is the same list", () => {
  const { lastTransitionTime: _, ...stated } = ready;
  expect(setCondition(list, stated, now)).toBe(list);
  expect(setConditions(list, [stated, installed], now)).toBe(list);
});

test.each([
  { what: "reason", change: { reason: "Checked" }, since: then },
  { what: "message", change: { message: "all is very well" }, since: then },
  { what: "observedGeneration", change: { observedGeneration: 2 }, since: then },
  { what: "status", change: { status: "False" as const }, since: "2026-01-02T03:04:05Z" },
])("a change of $what keeps the place; the time moves only with the status", ({ change, since }) => {
  expect(setCondition(list, { ...ready, ...change, lastTransitionTime: undefined }, now)).toEqual([
    { ...ready, ...change, lastTransitionTime: since },
    installed,
  ]);
  expect(list).toEqual([ready, installed]);
});

test("what is new comes last, complete", () => {
  expect(setCondition(undefined, { type: "New", status: "Unknown", reason: "Initialized" }, now)).toEqual([
    { type: "New", status: "Unknown", reason: "Initialized", message: "", lastTransitionTime: "2026-01-02T03:04:05Z" },
  ]);
  expect(setCondition(list, { ...ready, type: "New" }, now).map(({ type }) => type)).toEqual([
    "Ready",
    "Installed",
    "New",
  ]);
});

test("a condition is removed and looked up by its type", () => {
  expect(removeCondition(list, "Ready")).toEqual([installed]);
  expect(removeCondition(list, "Absent")).toBe(list);
  expect(isConditionTrue(list, "Ready")).toBe(true);
  expect(isConditionTrue(list, "Absent")).toBe(false);
});

test("a message of any length fits", () => {
  const [condition] = setCondition([], { ...ready, message: "😀".repeat(20_000) }, now);
  expect(condition?.message).toHaveLength(32_767);
  expect(condition?.message?.endsWith("😀…")).toBe(true);
});

test.each(["", "two words", "9lives", "ends-with-"])(
  'the reason "%s" is refused before the server does it',
  (reason) => {
    expect(() => setCondition([], { ...ready, reason })).toThrow(TypeError);
  },
);
