import { expect, test } from "vitest";
import { SecretRefresh } from "./secret-refresh.ts";

test("asks for nothing while the watch is up, nor for APIs without Secrets", () => {
  const { refresh, world, reads } = watching();
  expect(refresh(["a"])).toBeUndefined();
  world.isWatching = false;
  expect(refresh([])).toBeUndefined();
  expect(reads).toEqual([]);
});

test("tells whether any of several has changed", async () => {
  const { refresh, world } = watching({ isWatching: false });
  expect(await refresh(["a", "b"])).toBe(false);
  world.now += 1_000;
  world.stored["b"] = "new";
  expect(await refresh(["a", "b"])).toBe(true);
});

test("reads each at most once a second, however many ask, and they all get the same answer", async () => {
  const { refresh, world, reads } = watching({ isWatching: false });
  world.stored["a"] = "new";
  expect(await Promise.all(Array.from({ length: 50 }, () => refresh(["a"])))).toEqual(Array(50).fill(true));
  world.now += 999;
  await refresh(["a"]);
  await refresh(["b"]);
  expect(reads).toEqual(["a", "b"]);
  world.now += 1;
  expect(await refresh(["a"])).toBe(false);
  expect(reads).toEqual(["a", "b", "a"]);
});

test("an API server that can't be asked changes nothing", async () => {
  const { refresh } = watching({ isWatching: false, stored: {} });
  expect(await refresh(["a"])).toBe(false);
});

interface Fake {
  isWatching: boolean;
  now: number;
  stored: Record<string, string>;
}

function watching(overrides: Partial<Fake> = {}) {
  const world: Fake = { isWatching: true, now: 0, stored: { a: "old", b: "old" }, ...overrides };
  const known: Record<string, string> = { a: "old", b: "old" };
  const reads: string[] = [];
  const refresh = new SecretRefresh<string>({
    isWatching: () => world.isWatching,
    now: () => world.now,
    async read(name) {
      reads.push(name);
      const text = world.stored[name];
      if (text === undefined) throw new Error("not found");
      return text;
    },
    accept(name, text) {
      const changed = known[name] !== text;
      known[name] = text;
      return changed;
    },
  });
  return { world, reads, refresh: (names: string[]) => refresh.refresh(names) };
}
