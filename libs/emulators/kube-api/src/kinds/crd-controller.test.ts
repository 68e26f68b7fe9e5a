import { expect, onTestFinished, test } from "vitest";
import { eventually, testServers } from "../test-client.ts";

const startServer = testServers(onTestFinished);
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const things = "/apis/test.example/v1/things";

const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.test.example" },
  spec: {
    group: "test.example",
    scope: "Cluster",
    names: { plural: "things", kind: "Thing", shortNames: ["th"] },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
  },
};
const thing = { apiVersion: "test.example/v1", kind: "Thing", metadata: { name: "a" } };

test("a kind is served from the moment its definition is created", async () => {
  const { send } = await startServer();
  expect((await send(things)).status).toBe(404);
  expect((await send(definitions, { method: "POST", body: crd })).status).toBe(201);
  expect((await send(things, { method: "POST", body: thing })).status).toBe(201);
  const { body } = await send(`${definitions}/things.test.example`);
  expect(body.status.conditions.map(({ type, status }: { type: string; status: string }) => [type, status])).toEqual([
    ["NamesAccepted", "True"],
    ["Established", "True"],
  ]);
  expect((await send("/apis/test.example/v1")).body.resources[0]).toMatchObject({ name: "things", shortNames: ["th"] });
});

test("a definition takes its objects with it", async () => {
  const { api, send } = await startServer({ crds: [crd] });
  api.create({ ...thing, metadata: { name: "held", finalizers: ["example.com/hold"] } });
  api.create(thing);
  await send(`${definitions}/things.test.example`, { method: "DELETE" });
  await eventually(() => api.list({ apiVersion: "test.example/v1", kind: "Thing" }).length === 1);
  expect((await send(`${definitions}/things.test.example`)).status).toBe(200);
  api.patchObject({ apiVersion: "test.example/v1", kind: "Thing", name: "held" }, { metadata: { finalizers: null } });
  await eventually(async () => (await send(`${definitions}/things.test.example`)).status === 404);
  expect((await send(things)).status).toBe(404);
});

test("a definition that is none is refused", async () => {
  const { send } = await startServer();
  const wrong = { ...crd, metadata: { name: "wrong" } };
  const { status, body } = await send(definitions, { method: "POST", body: wrong });
  expect([status, body.details.causes[0].field]).toEqual([422, "metadata.name"]);
});
