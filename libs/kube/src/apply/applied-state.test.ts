import { expect, test } from "vitest";
import { appliedState } from "./applied-state.ts";

const owned = {
  "f:metadata": { "f:labels": { "f:app": {} } },
  "f:spec": {
    "f:replicas": {},
    "f:ports": {
      'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:name": {}, "f:port": {} },
      'k:{"port":443,"protocol":"TCP"}': { ".": {}, "f:port": {} },
    },
    "f:hosts": { 'v:"a"': {}, 'v:"b"': {} },
    "f:whole": {},
    "f:empty": {},
  },
};

const desired = {
  apiVersion: "example/v1",
  kind: "Thing",
  metadata: { name: "thing", namespace: "here", uid: "1", labels: { app: "crm" } },
  spec: {
    replicas: 2,
    ports: [{ name: "http", port: 80 }, { port: 443 }],
    hosts: ["a", "b"],
    whole: [{ a: 1 }, { b: [2] }],
    empty: {},
  },
};

const live = {
  ...desired,
  metadata: { ...desired.metadata, labels: { app: "crm", theirs: "x" }, managedFields: [entry()] },
  spec: {
    ...desired.spec,
    ports: [
      { name: "http", port: 80, protocol: "TCP", nodePort: 30_080 },
      { port: 443, protocol: "TCP" },
    ],
    hosts: ["theirs", "a", "b"],
    theirs: true,
  },
  status: { ready: true },
};

function entry(change: object = {}) {
  return {
    manager: "us",
    operation: "Apply",
    apiVersion: "example/v1",
    fieldsType: "FieldsV1",
    fieldsV1: owned,
    ...change,
  };
}

type Spec = typeof desired.spec;
const wanted = (spec: Partial<Record<keyof Spec, unknown>>, more: object = {}) => ({
  ...desired,
  ...more,
  spec: { ...desired.spec, ...spec },
});
const found = (spec: object) => ({ ...live, spec: { ...live.spec, ...spec } });
const of = (...managedFields: object[]) => ({ ...live, metadata: { ...live.metadata, managedFields } });

test.each([
  { title: "what is there, with what others and the server added", is: "same" },
  { title: "an absent value written as undefined", desired: wanted({}, { status: undefined }), is: "same" },
  { title: "another value", desired: wanted({ replicas: 3 }), is: "values differ" },
  { title: "a value that somebody changed", live: found({ replicas: 3 }), is: "values differ" },
  { title: "a field less", desired: wanted({ replicas: undefined }), is: "fields differ" },
  { title: "a field more", desired: { ...wanted({}), data: 1 }, is: "fields differ" },
  {
    title: "a label more",
    desired: { ...wanted({}), metadata: { labels: { app: "crm", b: "c" } } },
    is: "fields differ",
  },
  { title: "an item less", desired: wanted({ ports: [{ name: "http", port: 80 }] }), is: "fields differ" },
  {
    title: "an item with another key",
    desired: wanted({ ports: [{ name: "http", port: 81 }, { port: 443 }] }),
    is: "fields differ",
  },
  {
    title: "an item with another value",
    desired: wanted({ ports: [{ name: "web", port: 80 }, { port: 443 }] }),
    is: "values differ",
  },
  {
    title: "an item with a field less",
    desired: wanted({ ports: [{ port: 80 }, { port: 443 }] }),
    is: "fields differ",
  },
  {
    title: "items in another order",
    desired: wanted({ ports: [{ port: 443 }, { name: "http", port: 80 }] }),
    is: "values differ",
  },
  { title: "an item that is gone", live: found({ ports: [] }), is: "values differ" },
  { title: "a value of a set more", desired: wanted({ hosts: ["a", "b", "c"] }), is: "fields differ" },
  { title: "a set in another order", desired: wanted({ hosts: ["b", "a"] }), is: "values differ" },
  { title: "a piece that changed inside", desired: wanted({ whole: [{ a: 1 }, { b: [3] }] }), is: "values differ" },
  { title: "a piece that lost something inside", desired: wanted({ whole: [{ a: 1 }, {}] }), is: "values differ" },
  {
    title: "a piece that the server completed",
    live: found({ whole: [{ a: 1, c: 3 }, { b: [2] }] }),
    is: "values differ",
  },
  { title: "an object without managedFields", live: { ...live, metadata: desired.metadata }, is: "unknown" },
  { title: "what another manager applied", live: of(entry({ manager: "them" })), is: "unknown" },
  { title: "what we wrote by an update", live: of(entry({ operation: "Update" })), is: "unknown" },
  { title: "what we applied to the status", live: of(entry({ subresource: "status" })), is: "unknown" },
  {
    title: "what we applied in another version",
    live: of(entry({ apiVersion: "example/v1beta1" })),
    is: "fields differ",
  },
])("$title: $is", ({ desired: wants = desired, live: has = live, is }) => {
  expect(appliedState(has, wants, { fieldManager: "us", apiVersion: "example/v1" })).toBe(is);
});

test("a subresource is compared with what was applied to it", () => {
  const fieldsV1 = { "f:status": { "f:ready": {} } };
  const options = { fieldManager: "us", subresource: "status", apiVersion: "example/v1" };
  const has = of(entry(), entry({ subresource: "status", fieldsV1 }));
  const status = (ready: boolean) => ({ metadata: { name: "thing", uid: "1" }, status: { ready } });
  expect(appliedState(has, status(true), options)).toBe("same");
  expect(appliedState(has, status(false), options)).toBe("values differ");
});
