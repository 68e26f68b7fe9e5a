import { expect, onTestFinished, test } from "vitest";
import { configMap, configMaps, testServers, type Wire } from "../test-client.ts";

const startServer = testServers(onTestFinished);
const names = (body: Wire) => body.items.map(({ metadata }: Wire) => metadata.name);

test("pages show the state of the first one, whatever happens meanwhile", async () => {
  const { api, send } = await startServer();
  for (const name of ["a", "b", "c", "d"]) api.create(configMap(name, { of: "first" }));
  const first = await send(`${configMaps}?limit=2`);
  expect(first.body.metadata.remainingItemCount).toBe(2);
  api.delete({ apiVersion: "v1", kind: "ConfigMap", name: "c" });
  api.create(configMap("bb"));
  api.patchObject({ apiVersion: "v1", kind: "ConfigMap", name: "d" }, { data: { of: "second" } });
  const second = await send(`${configMaps}?limit=2&continue=${first.body.metadata.continue}`);
  expect(names(second.body)).toEqual(["c", "d"]);
  expect(second.body.items[1].data).toEqual({ of: "first" });
  expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
  expect(names((await send(configMaps)).body)).toEqual(["a", "b", "bb", "d"]);
});

test("a page whose state is compacted away is 410 with a token to go on without consistency", async () => {
  const { api, send } = await startServer();
  for (const name of ["a", "b", "c"]) api.create(configMap(name));
  const first = await send(`${configMaps}?limit=1`);
  api.delete({ apiVersion: "v1", kind: "ConfigMap", name: "b" });
  api.compact();
  const expired = await send(`${configMaps}?limit=1&continue=${first.body.metadata.continue}`);
  expect([expired.status, expired.body.reason]).toEqual([410, "Expired"]);
  const rest = await send(`${configMaps}?continue=${expired.body.metadata.continue}`);
  expect(names(rest.body)).toEqual(["c"]);
});

test("an exact revision is that state or 410", async () => {
  const { api, send } = await startServer();
  api.create(configMap("a"));
  const then = api.resourceVersion;
  api.create(configMap("b"));
  const path = `${configMaps}?resourceVersion=${then}&resourceVersionMatch=Exact`;
  expect(names((await send(path)).body)).toEqual(["a"]);
  api.compact();
  expect((await send(path)).status).toBe(410);
});

test("items of built-in kinds come without their kind, custom ones with it", async () => {
  const { api, send } = await startServer({ crds: [crd] });
  api.create(configMap("a"));
  api.create({ apiVersion: "test.example/v1", kind: "Thing", metadata: { name: "a" } });
  expect((await send(configMaps)).body.items[0].kind).toBeUndefined();
  expect((await send("/apis/test.example/v1/namespaces/default/things")).body.items[0].kind).toBe("Thing");
});

test("a kind in another of its versions differs in its name only", async () => {
  const { api, send, watch } = await startServer({ crds: [crd] });
  api.create({ apiVersion: "test.example/v1", kind: "Thing", metadata: { name: "a" }, spec: { x: 1 } });
  const path = "/apis/test.example/v2/namespaces/default/things";
  expect((await send(path)).body.items[0]).toMatchObject({ apiVersion: "test.example/v2", spec: { x: 1 } });
  expect((await send(`${path}/a`)).body.apiVersion).toBe("test.example/v2");
  expect((await (await watch(`${path}?watch=true`)).next()).object.apiVersion).toBe("test.example/v2");
  const patched = await send(`${path}/a`, {
    method: "PATCH",
    type: "application/merge-patch+json",
    body: { spec: { y: 2 } },
  });
  expect(patched.body).toMatchObject({ apiVersion: "test.example/v2", spec: { x: 1, y: 2 } });
});

const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.test.example" },
  spec: {
    group: "test.example",
    scope: "Namespaced",
    names: { plural: "things", kind: "Thing" },
    versions: [
      { name: "v1", served: true, storage: true, schema },
      { name: "v2", served: true, storage: false, schema },
    ],
  },
};
