import { expect, test } from "vitest";
import { NameConflictError, resolveNames } from "./resolve-names.ts";

const named = (...pairs: [id: string, name: string][]) => pairs.map(([id, name]) => ({ id, name }));
const resolve = (applications: { id: string; name: string }[], held: Record<string, string> = {}) => {
  const { winners, losers } = resolveNames(applications, (name) => held[name], "isolate");
  return {
    winners: [...winners].map(([name, { id }]) => [name, id]),
    losers: [...losers].map(([id, { reason }]) => [id, reason]),
  };
};

test("without a conflict everybody has its name", () => {
  expect(resolve(named(["2", "b"], ["1", "a"]))).toEqual({
    winners: [
      ["b", "2"],
      ["a", "1"],
    ],
    losers: [],
  });
});

test("the lowest id wins where nobody has the name yet", () => {
  expect(resolve(named(["3", "a"], ["2", "a"], ["10", "a"]))).toEqual({
    winners: [["a", "10"]],
    losers: [
      ["3", "NameConflict"],
      ["2", "NameConflict"],
    ],
  });
});

test("who has the name keeps it", () => {
  expect(resolve(named(["1", "a"], ["2", "a"]), { a: "2" }).winners).toEqual([["a", "2"]]);
  expect(resolve(named(["1", "a"], ["2", "a"]), { a: "gone" }).winners).toEqual([["a", "1"]]);
});

test("a name that Kubernetes refuses is the problem of its application only", () => {
  expect(resolve(named(["1", "mp-x-AB1"], ["2", "a"]))).toEqual({
    winners: [["a", "2"]],
    losers: [["1", "InvalidName"]],
  });
});

test("a conflict names both ids, or by policy refuses everything", () => {
  const conflict = named(["1", "a"], ["2", "a"], ["3", "b"]);
  const { losers } = resolveNames(conflict, () => undefined, "isolate");
  expect(losers.get("2")?.message).toBe("the name a of the application 2 is that of 1");
  expect(() => resolveNames(conflict, () => undefined, "fail")).toThrow(NameConflictError);
  expect(() => resolveNames(named(["1", "BAD"], ["2", "BAD"]), () => undefined, "fail")).not.toThrow();
});
