import { expect, test } from "vitest";
import { createRecent } from "./recent.ts";

test("what was set is found, until too much else was", () => {
  const recent = createRecent<number>({ maxEntries: 4, maxCharacters: 1000 });
  recent.set("a", 1);
  recent.set("b", 2);
  expect([recent.get("a"), recent.get("b"), recent.get("c")]).toEqual([1, 2, undefined]);
  for (const text of ["c", "d", "e", "f"]) recent.set(text, 0);
  expect(recent.get("b")).toBeUndefined();
});

test("what is asked for again and again stays", () => {
  const recent = createRecent<number>({ maxEntries: 10, maxCharacters: 10_000 });
  recent.set("mine", 42);
  for (let at = 0; at < 1000; at++) {
    recent.set(`other ${at}`, at);
    expect(recent.get("mine")).toBe(42);
    expect(recent.size).toBeLessThanOrEqual(10);
  }
});

test("long texts are bounded together, and one that is too long is not kept", () => {
  const recent = createRecent<number>({ maxEntries: 1000, maxCharacters: 1000 });
  for (let at = 0; at < 100; at++) recent.set(`${at}`.padEnd(200), at);
  expect(recent.size).toBeLessThanOrEqual(5);
  recent.set("x".repeat(501), 1);
  expect(recent.get("x".repeat(501))).toBeUndefined();
});
