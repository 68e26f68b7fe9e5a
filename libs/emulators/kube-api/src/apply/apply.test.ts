import { expect, test } from "vitest";
import { builtInKinds } from "../kinds/built-in.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import type { Schema } from "../schema/schema.ts";
import { compare } from "./compare.ts";
import { ConflictError } from "./conflicts.ts";
import { FieldSet, printPath } from "./field-set.ts";
import { type Managers, writeManagers } from "./managers.ts";
import { merge, removeFields } from "./merge.ts";
import { fieldsOf } from "./owned-fields.ts";
import { afterUpdate, apply, type Writer } from "./ownership.ts";

const schema: Schema = {
  type: "object",
  properties: {
    name: { type: "string" },
    tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
    whole: { type: "array", items: { type: "string" } },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["id"],
      items: { type: "object", properties: { id: { type: "string" }, n: { type: "integer" } } },
    },
    atomic: { type: "object", "x-kubernetes-map-type": "atomic", additionalProperties: { type: "string" } },
    labels: { type: "object", additionalProperties: { type: "string" } },
  },
};

test("the fields of an object are its leaves, list items by key or value, and pieces that are whole", () => {
  const value = {
    name: "x",
    tags: ["a"],
    whole: ["b"],
    parts: [{ id: "1", n: 2 }],
    atomic: { x: "y" },
    labels: { l: "1" },
  };
  expect(fieldsOf(value, schema).toFields()).toEqual({
    "f:name": {},
    "f:tags": { 'v:"a"': {} },
    "f:whole": {},
    "f:parts": { 'k:{"id":"1"}': { ".": {}, "f:id": {}, "f:n": {} } },
    "f:atomic": {},
    "f:labels": { "f:l": {} },
  });
});

test("fieldsV1 survives reading and writing", () => {
  const fields = { "f:a": { ".": {}, "f:b": {} }, "f:c": { 'k:{"id":"1"}': { ".": {}, "f:n": {} } }, "f:d": {} };
  expect(FieldSet.parse(fields).toFields()).toEqual(fields);
});

test("paths print as conflicts show them", () => {
  expect(printPath(["f:spec", 'k:{"name":"app"}', "f:image"])).toBe('.spec[name="app"].image');
  expect(printPath(["f:tags", 'v:"a"'])).toBe('.tags[="a"]');
});

test.each([
  { title: "a changed leaf", before: { name: "a" }, after: { name: "b" }, modified: { "f:name": {} } },
  { title: "a new item", before: { tags: ["a"] }, after: { tags: ["a", "b"] }, added: { "f:tags": { 'v:"b"': {} } } },
  { title: "an item in another place", before: { tags: ["a", "b"] }, after: { tags: ["b", "a"] } },
  {
    title: "another order of a whole list",
    before: { whole: ["a", "b"] },
    after: { whole: ["b", "a"] },
    modified: { "f:whole": {} },
  },
  {
    title: "a lost label",
    before: { labels: { a: "1", b: "2" } },
    after: { labels: { a: "1" } },
    removed: { "f:labels": { "f:b": {} } },
  },
])("comparing sees $title", ({ before, after, added = {}, modified = {}, removed = {} }) => {
  const result = compare(before, after, schema);
  expect({
    added: result.added.toFields(),
    modified: result.modified.toFields(),
    removed: result.removed.toFields(),
  }).toEqual({ added, modified, removed });
});

test.each([
  { title: "appends items it does not know", live: ["a"], applied: ["b"], merged: ["a", "b"] },
  {
    title: "takes the applied order of what both know",
    live: ["a", "b", "c"],
    applied: ["c", "a"],
    merged: ["c", "a", "b"],
  },
  {
    title: "keeps live items before what follows them",
    live: ["x", "a"],
    applied: ["a", "b"],
    merged: ["x", "a", "b"],
  },
])("merging a set $title", ({ live, applied, merged }) => {
  const result = merge({ tags: live }, { tags: applied }, schema) as { tags: string[] };
  expect([...result.tags].sort()).toEqual([...merged].sort());
  const order = (list: string[]) => applied.map((item) => list.indexOf(item));
  expect(order(result.tags)).toEqual([...order(result.tags)].sort((a, b) => a - b));
});

test("removing fields drops what becomes empty", () => {
  const value = { name: "x", parts: [{ id: "1", n: 2 }, { id: "2" }], labels: { a: "1" } };
  const gone = FieldSet.parse({
    "f:parts": { 'k:{"id":"1"}': { "f:n": {} }, 'k:{"id":"2"}': {} },
    "f:labels": { "f:a": {} },
  });
  expect(removeFields(value, gone, schema)).toEqual({ name: "x", parts: [{ id: "1" }] });
});

const configMaps = builtInKinds().find(({ resource }) => resource === "configmaps") as Kind;
const writer = (manager: string): Writer => ({
  kind: configMaps,
  manager,
  subresource: "",
  time: "2026-01-01T00:00:00Z",
});
const config = (data: object) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data }) as KubeObject;

test("what a manager no longer applies goes, unless somebody else has it too", () => {
  const managers: Managers = new Map();
  const first = apply(managers, {}, config({ a: "1", b: "2", c: "3" }), writer("one"), false);
  const second = apply(managers, first, config({ b: "2" }), writer("two"), false);
  const third = apply(managers, second, config({ a: "1" }), writer("one"), false);
  expect(third["data"]).toEqual({ a: "1", b: "2" });
});

test("changing what another applied is a conflict that names both, and force takes it", () => {
  const managers: Managers = new Map();
  const live = apply(managers, {}, config({ a: "1" }), writer("one"), false);
  const attempt = () => apply(new Map(managers), live, config({ a: "2" }), writer("two"), false);
  expect(attempt).toThrow(ConflictError);
  expect(attempt).toThrow('conflict with "one": .data.a');
  apply(managers, live, config({ a: "2" }), writer("two"), true);
  expect(writeManagers(managers).map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
    ["two", { "f:data": { "f:a": {} } }],
  ]);
});

test("an update owns what it changed and nothing more", () => {
  const managers: Managers = new Map();
  const live = apply(managers, {}, config({ a: "1", b: "2" }), writer("one"), false);
  afterUpdate(managers, live, config({ a: "1", b: "3" }), writer("editor"));
  expect(writeManagers(managers).map(({ manager, operation, fieldsV1 }) => [manager, operation, fieldsV1])).toEqual([
    ["one", "Apply", { "f:data": { "f:a": {} } }],
    ["editor", "Update", { "f:data": { "f:b": {} } }],
  ]);
});
