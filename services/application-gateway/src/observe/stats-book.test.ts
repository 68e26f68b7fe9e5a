import { expect, test } from "vitest";
import type { ApiEntry } from "../entries/api-entry.ts";
import { type Detail, StatsBook } from "./stats-book.ts";

test.each<[Detail, string[]]>([
  ["entry", ["//", "a/one/x", "a/two/", "b/one/"]],
  ["application", ["//", "a//", "b//"]],
  ["none", ["//"]],
])("calls are counted under each %s", (detail, expected) => {
  const book = new StatsBook(detail);
  const entries = [entry("a", "one", "x"), entry("a", "two"), entry("b", "one"), entry("b", "never called")];
  for (const called of entries.slice(0, 3)) {
    expect(book.of(called)).toBe(book.of(called));
    book.of(called).count(200, "target");
  }
  const used = [...book.used(entries)];
  expect(used.map(({ labels }) => Object.values(labels).join("/")).sort()).toEqual(expected);
  expect(used.reduce((sum, { answers }) => sum + (answers.get(200) ?? 0), 0)).toBe(3);
  expect(book.labelsOf(entries[0] as ApiEntry)).toEqual({ application: "a", service: "one", entry: "x" });
});

test("the counts of an Application are forgotten with it", () => {
  const book = new StatsBook("application");
  const [a, b] = [entry("a", "one"), entry("b", "one")];
  for (const called of [a, b]) book.of(called).count(200, "target");
  expect([...book.used([b])].map(({ labels }) => labels.application)).toEqual(["", "b"]);
  expect(book.of(entry("a", "one")).answers.size).toBe(0);
});

function entry(application: string, serviceSegment: string, entrySegment = ""): ApiEntry {
  return { candidate: { application, serviceSegment, entrySegment } } as ApiEntry;
}
