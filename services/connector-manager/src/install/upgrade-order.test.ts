import { expect, test } from "vitest";
import { contains } from "./contains.ts";
import type { Workload } from "./readiness.ts";
import { orderOf } from "./upgrade-order.ts";

const ready: Workload = {
  metadata: { name: "x", generation: 2 },
  spec: { replicas: 2 },
  status: { observedGeneration: 2, updatedReplicas: 2, conditions: [{ type: "Available", status: "True" }] },
};
const rolling: Workload = { ...ready, status: { ...ready.status, updatedReplicas: 1 } };
const neverRan: Workload = { metadata: { name: "x", generation: 3 } };
const row = (name: string, live: Workload | undefined, replaces: boolean) => ({ name, live, replaces });

test.each([
  {
    title: "a first installation is made at once",
    changes: [row("a", undefined, true), row("b", undefined, true)],
    held: [],
  },
  {
    title: "the first that changes goes first",
    changes: [row("a", ready, true), row("b", ready, true), row("c", ready, true)],
    held: ["b", "c"],
    waitsFor: "a",
  },
  {
    title: "the next waits until the one before is rolled out",
    changes: [row("a", rolling, false), row("b", ready, true), row("c", ready, false)],
    held: ["b"],
    waitsFor: "a",
  },
  { title: "and goes then", changes: [row("a", ready, false), row("b", ready, true)], held: [] },
  { title: "what never ran holds up nobody", changes: [row("a", neverRan, true), row("b", ready, true)], held: [] },
  {
    title: "what is missing is made meanwhile",
    changes: [row("a", rolling, true), row("b", undefined, true)],
    held: [],
  },
])("$title", ({ changes, held, waitsFor }) => {
  expect(orderOf(changes)).toEqual({ held, waitsFor });
});

test.each([
  { title: "with what others added", live: { a: 1, env: [{ name: "x", value: "1" }, { name: "y" }] }, is: true },
  { title: "with another value", live: { a: 1, env: [{ name: "x", value: "2" }] }, is: false },
  { title: "without a named item", live: { a: 1, env: [] }, is: false },
  { title: "without anything", live: undefined, is: false },
])("an object $title contains what is wanted: $is", ({ live, is }) => {
  expect(contains(live, { a: 1, env: [{ name: "x", value: "1" }], b: undefined })).toBe(is);
});

test("arguments are compared one by one", () => {
  expect(contains(["a", "b"], ["a"])).toBe(false);
  expect(contains(["a", "b"], ["a", "b"])).toBe(true);
});
