import { expect, test } from "vitest";
import { createStore } from "./store.ts";

interface Thing {
  metadata: { name: string; namespace?: string; resourceVersion: string };
  tags: string[];
}

const thing = (name: string, resourceVersion: string, ...tags: string[]): Thing => ({
  metadata: { name, namespace: "ns", resourceVersion },
  tags,
});

function storeWithTags() {
  const failures: string[] = [];
  const store = createStore<Thing>((index) => failures.push(index));
  store.addIndexers({ tag: ({ tags }) => tags });
  return { store, failures };
}

test("putting the same version again changes nothing", () => {
  const { store } = storeWithTags();
  const first = thing("a", "1");
  expect(store.put("ns/a", first)).toEqual({ type: "add", now: first });
  expect(store.put("ns/a", thing("a", "1"))).toBeUndefined();
  const second = thing("a", "2");
  expect(store.put("ns/a", second)).toEqual({ type: "update", old: first, now: second });
  expect(store.delete("ns/a")).toEqual({ type: "delete", old: second, tombstone: false });
  expect(store.delete("ns/a")).toBeUndefined();
});

test("a swap tells adds, updates and tombstones, and keeps what did not change", () => {
  const { store } = storeWithTags();
  const [same, changed, gone] = [thing("same", "1", "x"), thing("changed", "1", "x"), thing("gone", "1", "x")];
  for (const object of [same, changed, gone]) store.put(`ns/${object.metadata.name}`, object);
  const [newer, fresh] = [thing("changed", "2", "y"), thing("fresh", "1", "x")];
  const changes = store.swap(
    new Map([
      ["ns/same", thing("same", "1", "x")],
      ["ns/changed", newer],
      ["ns/fresh", fresh],
    ]),
  );
  expect(changes).toEqual([
    { type: "update", old: changed, now: newer },
    { type: "add", now: fresh },
    { type: "delete", old: gone, tombstone: true },
  ]);
  expect(store.get("ns/same")).toBe(same);
  expect(store.byIndex("tag", "x")).toEqual([same, fresh]);
  expect(store.byIndex("tag", "y")).toEqual([newer]);
  expect(store.inNamespace("ns")).toHaveLength(3);
});

test("an index that comes later knows what is there, and none is replaced by another of its name", () => {
  const { store } = storeWithTags();
  store.put("ns/a", thing("a", "1", "x"));
  store.addIndexers({ first: ({ metadata }) => [metadata.name.slice(0, 1)] });
  expect(store.byIndex("first", "a")).toHaveLength(1);
  expect(() => store.addIndexers({ tag: () => [] })).toThrow('another index is already called "tag"');
  expect(() => store.byIndex("none", "a")).toThrow('there is no index "none"');
});

test("an index function that throws leaves the object out of that index only", () => {
  const { store, failures } = storeWithTags();
  store.addIndexers({
    broken: () => {
      throw new Error("bug");
    },
  });
  store.put("ns/a", thing("a", "1", "x"));
  expect(failures).toEqual(["broken"]);
  expect(store.byIndex("tag", "x")).toHaveLength(1);
  expect(store.byIndex("broken", "x")).toEqual([]);
});
