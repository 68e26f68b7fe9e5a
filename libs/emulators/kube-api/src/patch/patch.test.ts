import { describe, expect, test } from "vitest";
import { definition } from "../schema/schema.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { strategicPatch } from "./strategic.ts";

describe("JSON patch", () => {
  test.each([
    { title: "adds a field", patch: [{ op: "add", path: "/c", value: 3 }], result: { a: 1, list: [1, 2], c: 3 } },
    { title: "inserts an item", patch: [{ op: "add", path: "/list/1", value: 9 }], result: { a: 1, list: [1, 9, 2] } },
    { title: "appends an item", patch: [{ op: "add", path: "/list/-", value: 3 }], result: { a: 1, list: [1, 2, 3] } },
    { title: "removes", patch: [{ op: "remove", path: "/list/0" }], result: { a: 1, list: [2] } },
    { title: "replaces", patch: [{ op: "replace", path: "/a", value: 2 }], result: { a: 2, list: [1, 2] } },
    { title: "moves", patch: [{ op: "move", from: "/a", path: "/b" }], result: { b: 1, list: [1, 2] } },
    { title: "copies", patch: [{ op: "copy", from: "/list", path: "/b" }], result: { a: 1, list: [1, 2], b: [1, 2] } },
    {
      title: "unescapes names",
      patch: [{ op: "add", path: "/x~1y~0z", value: 1 }],
      result: { a: 1, list: [1, 2], "x/y~z": 1 },
    },
  ])("$title", ({ patch, result }) => {
    expect(jsonPatch({ a: 1, list: [1, 2] }, patch)).toEqual(result);
  });

  test.each([
    { title: "a test that fails", patch: [{ op: "test", path: "/a", value: 2 }] },
    { title: "a path that is not there", patch: [{ op: "replace", path: "/b", value: 2 }] },
    { title: "an index beyond the list", patch: [{ op: "add", path: "/list/7", value: 2 }] },
    { title: "an unknown operation", patch: [{ op: "shuffle", path: "/list" }] },
  ])("refuses $title", ({ patch }) => {
    expect(() => jsonPatch({ a: 1, list: [1, 2] }, patch)).toThrow("the server rejected our request");
  });
});

test("a merge patch merges objects, replaces lists and removes with null", () => {
  const target = { a: { b: 1, c: 2 }, list: [1, 2], gone: 1 };
  expect(mergePatch(target, { a: { c: null, d: 3 }, list: [3], gone: null })).toEqual({ a: { b: 1, d: 3 }, list: [3] });
  expect(target).toEqual({ a: { b: 1, c: 2 }, list: [1, 2], gone: 1 });
});

describe("strategic merge patch", () => {
  const pod = definition("io.k8s.api.core.v1.PodSpec");
  const live = {
    containers: [
      { name: "a", image: "1" },
      { name: "b", image: "1" },
    ],
    nodeSelector: { x: "1" },
  };

  test.each([
    { title: "merges items by key", patch: { containers: [{ name: "a", image: "2" }] }, containers: ["a 2", "b 1"] },
    { title: "adds items", patch: { containers: [{ name: "c", image: "1" }] }, containers: ["a 1", "b 1", "c 1"] },
    { title: "deletes items", patch: { containers: [{ name: "a", $patch: "delete" }] }, containers: ["b 1"] },
    {
      title: "replaces the list",
      patch: { containers: [{ $patch: "replace" }, { name: "c", image: "1" }] },
      containers: ["c 1"],
    },
    {
      title: "orders items",
      patch: { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }], containers: [{ name: "a", image: "2" }] },
      containers: ["b 1", "a 2"],
    },
  ])("$title", ({ patch, containers }) => {
    const result = strategicPatch(live, patch, pod) as typeof live;
    expect(result.containers.map(({ name, image }) => `${name} ${image}`)).toEqual(containers);
  });

  test("removes from lists of values and keeps named keys only", () => {
    const meta = definition("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    const metadata = { finalizers: ["a", "b"] };
    expect(strategicPatch(metadata, { "$deleteFromPrimitiveList/finalizers": ["a"] }, meta)).toEqual({
      finalizers: ["b"],
    });
    expect(strategicPatch(metadata, { finalizers: ["c"] }, meta)).toEqual({ finalizers: ["a", "b", "c"] });
    expect(strategicPatch({ a: 1, b: 2 }, { $retainKeys: ["b"] }, undefined)).toEqual({ b: 2 });
    expect(strategicPatch({ a: { b: 1 } }, { a: { $patch: "replace", c: 1 } }, undefined)).toEqual({ a: { c: 1 } });
  });
});
