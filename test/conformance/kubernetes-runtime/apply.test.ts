import {
  applyStatus,
  configMaps,
  createApplier,
  customResourceDefinitionsResource,
  type FieldConflict,
  fieldConflicts,
  type Informer,
  type KubeError,
  networkPolicies,
  type Resource,
  type StatedStatus,
} from "@application-connector/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { typicalObjects } from "./typical-objects.ts";
import { installWidgets, type Widget, widget, widgetsOf } from "./widgets.ts";
import { configMap, createWorld, metric, type World } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

const writes = ({ proxy }: World): number => proxy.requests.filter(({ method }) => method !== "GET").length;

/** Applies to what the cache has, and waits until the cache has what came of it. */
async function follow<T extends { metadata: { name: string } }>(
  world: World,
  resource: Resource<T>,
  informer: Informer<T>,
  applier = createApplier(world.client, { fieldManager: "tester" }),
) {
  await informer.waitForSync();
  return async (desired: T, force = false) => {
    const before = writes(world);
    const live = informer.get(desired.metadata.name, world.namespace);
    const { object, changed } = await applier.apply(resource, desired as never, { live: live as never, force });
    const { name, resourceVersion = "" } = (object as T & { metadata: { resourceVersion?: string } }).metadata;
    if (changed) await informer.expect({ name, namespace: world.namespace }, resourceVersion);
    return { changed, writes: writes(world) - before };
  };
}

test.each([
  { cache: "a cache that keeps our managedFields", keepManagedFieldsOf: "tester" },
  { cache: "a cache without managedFields", keepManagedFieldsOf: undefined },
])("what is applied again is not written, with $cache", async ({ keepManagedFieldsOf }) => {
  const world = await createWorld(server);
  const { namespace } = world;
  const informer = world.informers.informer(configMaps, { namespace, keepManagedFieldsOf });
  const apply = await follow(world, configMaps, informer);
  expect(await apply(configMap(world, "crm", "1"))).toEqual({ changed: true, writes: 1 });
  expect(await apply(configMap(world, "crm", "1"))).toEqual({ changed: false, writes: 0 });
  expect(await apply(configMap(world, "crm", "2"))).toEqual({ changed: true, writes: 1 });
  expect(await apply(configMap(world, "crm", "2"))).toEqual({ changed: false, writes: 0 });
  const { data: _, ...empty } = configMap(world, "crm");
  expect(await apply(empty)).toEqual({ changed: true, writes: 1 });
  expect((await world.admin.get(configMaps, { name: "crm", namespace })).data).toBeUndefined();
});

test("after a restart nothing is written either, when the cache keeps our managedFields", async () => {
  const world = await createWorld(server);
  const { namespace } = world;
  const informer = world.informers.informer(configMaps, { namespace, keepManagedFieldsOf: "tester" });
  await (await follow(world, configMaps, informer))(configMap(world, "crm", "1"));
  expect(await (await follow(world, configMaps, informer))(configMap(world, "crm", "1"))).toEqual({
    changed: false,
    writes: 0,
  });
  expect(informer.get("crm", namespace)?.metadata.managedFields?.map(({ manager }) => manager)).toEqual(["tester"]);
});

test("what the server takes out of an apply is not applied again and again", async () => {
  const world = await createWorld(server);
  const { namespace } = world;
  const widgets = widgetsOf(world);
  await installWidgets(world, widgets, { status: { "x-kubernetes-preserve-unknown-fields": true } });
  const informer = world.informers.informer(widgets, { namespace, keepManagedFieldsOf: "tester" });
  const apply = await follow(world, widgets, informer);
  const withStatus = { ...widget(world, "a", { size: "1" }), status: { is: "no part of it" } };
  expect(await apply(withStatus)).toMatchObject({ writes: 1 });
  for (let again = 0; again < 8; again++) expect(await apply(withStatus)).toEqual({ changed: false, writes: 0 });
  const patch = { spec: { size: "2" } };
  await world.admin.patch(widgets, { name: "a", namespace }, patch, { contentType: "application/merge-patch+json" });
  await expect.poll(() => informer.get("a", namespace)?.spec).toEqual({ size: "2" });
  expect(await apply(withStatus, true)).toMatchObject({ changed: true, writes: 1 });
});

test("what the server completes or writes in its own way is not written again either", async () => {
  const world = await createWorld(server);
  const { namespace } = world;
  const informer = world.informers.informer(networkPolicies, { namespace, keepManagedFieldsOf: "tester" });
  const apply = await follow(world, networkPolicies, informer);
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "web", namespace },
    spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
  };
  expect(await apply(policy)).toEqual({ changed: true, writes: 1 });
  expect(await apply(policy)).toEqual({ changed: false, writes: 0 });
});

test("objects as an operator installs them cost nothing after a restart, and still are put right", async () => {
  const world = await createWorld(server);
  const { namespace, client, admin } = world;
  const restarted = () => createApplier(client, { fieldManager: "tester" });
  const all = typicalObjects(namespace);
  for (const { resource, object } of all) await restarted().apply(resource, object);
  const before = writes(world);
  for (const { resource, object } of all) {
    const live = await admin.get(resource, { name: "gateway", namespace });
    const { changed } = await restarted().apply(resource, object, { live });
    expect([resource.kind, changed, writes(world)]).toEqual([resource.kind, false, before]);
  }
  for (const { resource, object } of all) {
    const contentType = "application/merge-patch+json" as const;
    const patch = { metadata: { labels: { app: "broken" } } };
    const live = await admin.patch(resource, { name: "gateway", namespace }, patch, {
      contentType,
      fieldManager: "other",
    });
    expect(await restarted().apply(resource, object, { live, force: true })).toMatchObject({ changed: true });
  }
});

test("what somebody else changed is written again, what somebody else added stays", async () => {
  const world = await createWorld(server);
  const { namespace, admin } = world;
  const informer = world.informers.informer(configMaps, { namespace, keepManagedFieldsOf: "tester" });
  const apply = await follow(world, configMaps, informer);
  await apply(configMap(world, "crm", "1"));
  const patched = async (data: object) => {
    const contentType = "application/merge-patch+json" as const;
    const ref = { name: "crm", namespace };
    const { metadata } = await admin.patch(configMaps, ref, { data }, { contentType, fieldManager: "other" });
    await informer.expect(ref, metadata.resourceVersion ?? "");
  };
  await patched({ theirs: "x" });
  expect(await apply(configMap(world, "crm", "1"))).toEqual({ changed: false, writes: 0 });
  await patched({ text: "broken" });
  expect(await apply(configMap(world, "crm", "1"), true)).toEqual({ changed: true, writes: 1 });
  expect(informer.get("crm", namespace)?.data).toEqual({ text: "1", theirs: "x" });
});

test("whoever keeps changing an object makes us wait, and neither side write more and more", async () => {
  const world = await createWorld(server);
  const { namespace, admin, client, metrics } = world;
  const applier = createApplier(client, { fieldManager: "tester", metrics });
  const desired = configMap(world, "crm", "ours");
  const ref = { name: "crm", namespace };
  await applier.apply(configMaps, desired);
  const fight = async () => {
    await admin.apply(configMaps, configMap(world, "crm", "theirs"), { fieldManager: "other", force: true });
    return applier.apply(configMaps, desired, { live: await admin.get(configMaps, ref), force: true });
  };
  for (let round = 0; round < 5; round++) expect(await fight()).toMatchObject({ changed: true });
  const before = writes(world);
  await expect(fight()).rejects.toMatchObject({ name: "CorrectionPostponedError", retryAfterMs: expect.any(Number) });
  expect(writes(world)).toBe(before);
  expect(await metric(world, "k8s_applies_total", { kind: "ConfigMap", result: "postponed" })).toBe(1);
  const live = await admin.get(configMaps, ref);
  expect(await applier.apply(configMaps, configMap(world, "crm", "new"), { live, force: true })).toBeDefined();
});

test("KR-22 a conflict names the other manager and the field, force takes it, and foreign fields survive", async () => {
  const world = await createWorld(server);
  const { namespace, admin, client } = world;
  const theirs = { ...configMap(world, "crm", "theirs"), data: { text: "theirs", more: "x" } };
  await admin.apply(configMaps, theirs, { fieldManager: "other" });
  const applier = createApplier(client, { fieldManager: "tester" });
  const ours = configMap(world, "crm", "ours");
  const refused = await applier.apply(configMaps, ours).catch((error: KubeError) => error);
  const conflict = [{ manager: "other", field: ".data.text" }];
  expect(fieldConflicts(refused)).toEqual(conflict);

  const heard: (readonly FieldConflict[])[] = [];
  const taken = await applier.apply(configMaps, ours, { onConflict: (conflicts) => heard.push(conflicts) > 0 });
  expect(heard).toEqual([conflict]);
  expect(taken).toMatchObject({ changed: true, object: { data: { text: "ours", more: "x" } } });
  const { metadata } = await admin.get(configMaps, { name: "crm", namespace });
  const owns = metadata.managedFields?.map(({ manager, fieldsV1 }) => [manager, fieldsV1]);
  expect(owns).toContainEqual(["tester", { "f:data": { "f:text": {} } }]);
  expect(owns).toContainEqual(["other", { "f:data": { "f:more": {} } }]);
});

const statusSchema = {
  type: "object",
  properties: {
    phase: { type: "string" },
    conditions: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["type"],
      items: {
        type: "object",
        required: ["type", "status"],
        properties: Object.fromEntries(
          ["type", "status", "reason", "message", "lastTransitionTime"]
            .map((name): [string, object] => [name, { type: "string" }])
            .concat([["observedGeneration", { type: "integer", format: "int64" }]]),
        ),
      },
    },
  },
};

interface WithStatus extends Widget {
  status?: { phase?: string; conditions?: { type: string; status: string; lastTransitionTime?: string }[] };
}

test("a status is written when it says something new, beside those of others, and never to a namesake", async () => {
  const world = await createWorld(server);
  const { namespace, client, admin } = world;
  const widgets: Resource<WithStatus> = widgetsOf<WithStatus>(world);
  await installWidgets(world, widgets, { status: statusSchema });
  await world.informers.informer(widgets, { namespace }).waitForSync();
  let live: WithStatus = await admin.create(widgets, widget(world, "w", { size: 1 }));
  await admin.patch(
    widgets,
    { name: "w", namespace },
    { status: { conditions: [{ type: "Theirs", status: "True" }] } },
    { contentType: "application/merge-patch+json", subresource: "status", fieldManager: "other" },
  );
  const applier = createApplier(client, { fieldManager: "tester" });
  const say = async (status: StatedStatus, now: string) => {
    live = await admin.get(widgets, { name: "w", namespace });
    const before = writes(world);
    const { changed, object } = await applyStatus(applier, widgets, live, status, { now: new Date(now) });
    live = object;
    return { changed, writes: writes(world) - before };
  };
  const ready = (status: "True" | "False", message: string) => ({
    conditions: [{ type: "Ready", status, reason: "Tested", message, observedGeneration: 1 }],
  });
  const times = () => live.status?.conditions?.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]);
  const written = { changed: true, writes: 1 };
  const silent = { changed: false, writes: 0 };

  expect(await say({ phase: "New", ...ready("False", "not yet") }, "2026-01-01T00:00:00Z")).toEqual(written);
  expect(await say({ phase: "New", ...ready("False", "not yet") }, "2026-01-02T00:00:00Z")).toEqual(silent);
  expect(await say(ready("False", "still not"), "2026-01-03T00:00:00Z")).toEqual(written);
  expect(live.status?.phase).toBeUndefined();
  expect(times()).toContainEqual(["Ready", "2026-01-01T00:00:00Z"]);
  expect(await say(ready("True", "done"), "2026-01-04T00:00:00Z")).toEqual(written);
  expect(times()).toEqual([
    ["Theirs", undefined],
    ["Ready", "2026-01-04T00:00:00Z"],
  ]);
  expect(live.metadata.generation).toBe(1);

  const old = live;
  await admin.delete(widgets, { name: "w", namespace });
  await admin.create(widgets, widget(world, "w", { size: 1 }));
  await expect(applyStatus(applier, widgets, old, ready("False", "late"))).rejects.toMatchObject({ status: 409 });
  expect(await admin.get(widgets, { name: "w", namespace })).not.toHaveProperty("status");
});

test("a status that is part of its object is applied there, beside what others own of it", async () => {
  const world = await createWorld(server);
  const { namespace, client, admin } = world;
  const widgets: Resource<WithStatus> = widgetsOf<WithStatus>(world);
  await installWidgets(world, widgets, { plainStatus: statusSchema });
  await world.informers.informer(widgets, { namespace }).waitForSync();
  const live = await admin.create(widgets, { ...widget(world, "w", { size: 1 }), status: { phase: "New" } });
  const applier = createApplier(client, { fieldManager: "tester-status" });
  const say = (live: WithStatus, phase: string) =>
    applyStatus(applier, widgets, live, { phase }, { subresource: null });
  const first = await say(live, "Ready");
  expect(first).toMatchObject({ changed: true, object: { spec: { size: 1 }, status: { phase: "Ready" } } });
  expect(await say(first.object, "Ready")).toMatchObject({ changed: false });
});

test("an apply of a definition is compared precisely", async () => {
  const world = await createWorld(server);
  const widgets = widgetsOf(world);
  await installWidgets(world, widgets);
  const name = `${widgets.plural}.${widgets.group}`;
  const live = await world.admin.get(customResourceDefinitionsResource, { name });
  const { spec } = live;
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name },
    spec,
  };
  const applier = createApplier(world.client, { fieldManager: "tester" });
  const first = await applier.apply(customResourceDefinitionsResource, definition, { live, force: true });
  expect(first.changed).toBe(true);
  const again = createApplier(world.client, { fieldManager: "tester" });
  const before = writes(world);
  expect(await again.apply(customResourceDefinitionsResource, definition, { live: first.object })).toMatchObject({
    changed: false,
  });
  expect(writes(world)).toBe(before);
});
