import {
  type ApplySet,
  applySetId,
  type ConfigMap,
  configMaps,
  createApplier,
  createApplySet,
  customResourceDefinitionsResource,
  memberLabel,
  type Resource,
  type SetMember,
  secrets,
} from "@application-connector/kube";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { widget, widgetDefinition, widgetsOf } from "./widgets.ts";
import { configMap, create, createWorld, type World } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

const parentOf = (world: World) => ({ name: "set", namespace: world.namespace });

function setOf(world: World, more: Partial<Parameters<typeof createApplySet>[0]> = {}): ApplySet {
  const applier = createApplier(world.client, { fieldManager: "tester" });
  return createApplySet({ applier, parent: parentOf(world), tooling: "tester/1", ...more });
}

const config = (world: World, name: string, value = "1"): SetMember =>
  ({ resource: configMaps, object: configMap(world, name, value) }) as SetMember;

const secret = (world: World, name: string): SetMember => ({
  resource: secrets,
  object: { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: world.namespace } },
});

const parentOnServer = ({ admin, namespace }: World): Promise<ConfigMap> =>
  admin.get(configMaps, { name: "set", namespace });

async function names(world: World): Promise<string[]> {
  const { items } = await world.admin.list(configMaps, { namespace: world.namespace });
  const others = new Set(["kube-root-ca.crt", "set"]);
  return items.map(({ metadata }) => metadata.name).filter((name) => !others.has(name));
}

const deletes = ({ proxy }: World) => proxy.requests.filter(({ method }) => method === "DELETE");

test("KR-23 what is no longer in the set is pruned by its uid; what does not carry its label is not", async () => {
  const world = await createWorld(server);
  const set = setOf(world);
  const foreign = await create(world, "foreign");
  const first = await set.apply([config(world, "a"), config(world, "b")], { prune: true });
  expect(first).toMatchObject({ failed: [], pruned: [] });
  const uid = first.applied.find(({ object }) => object.metadata.name === "b")?.object.metadata.uid;

  const second = await set.apply([config(world, "a")], { prune: true });
  expect(second.failed).toEqual([]);
  expect(second.pruned.map(({ object }) => object.metadata.name)).toEqual(["b"]);
  expect(await names(world)).toEqual(["a", "foreign"]);
  expect(deletes(world).map(({ path }) => path.split("/").at(-1))).toEqual(["b"]);
  expect(JSON.parse(deletes(world)[0]?.body ?? "")).toMatchObject({ preconditions: { uid } });
  expect((await world.admin.get(configMaps, foreign.metadata)).metadata.uid).toBe(foreign.metadata.uid);
});

test("KR-23 nothing is pruned when anything could not be applied", async () => {
  const world = await createWorld(server);
  const set = setOf(world);
  await set.apply([config(world, "a"), config(world, "b")], { prune: true });
  world.proxy.answer(({ method, path }) => method === "PATCH" && path.endsWith("/a"), { status: 403 });
  const result = await set.apply([config(world, "a", "2"), config(world, "c")], { prune: true });
  expect(result.failed).toMatchObject([{ what: `ConfigMap ${world.namespace}/a`, error: { status: 403 } }]);
  expect(result.pruned).toEqual([]);
  expect(await names(world)).toEqual(["a", "b", "c"]);
  const again = await set.apply([config(world, "a", "2"), config(world, "c")], { prune: true });
  expect(again.pruned.map(({ object }) => object.metadata.name)).toEqual(["b"]);
  expect(await names(world)).toEqual(["a", "c"]);
});

test("an object that took the name of a pruned one stays", async () => {
  const world = await createWorld(server);
  await setOf(world).apply([config(world, "a"), config(world, "b")]);
  const { proxy, admin, namespace } = world;
  // Between the look and the deletion.
  proxy.answer(({ method, path }) => method === "DELETE" && path.endsWith("/b"), {
    status: 503,
    headers: { "retry-after": "0" },
  });
  const applied = setOf(world).apply([config(world, "a")], { prune: true });
  await expect.poll(() => deletes(world).length).toBeGreaterThan(0);
  await admin.delete(configMaps, { name: "b", namespace });
  await create(world, "b");
  expect(await applied).toMatchObject({ failed: [], pruned: [] });
  expect(await names(world)).toEqual(["a", "b"]);
});

test("the parent says of which kinds and where there are members: more before they are applied, less when they are pruned", async () => {
  const world = await createWorld(server);
  const { namespace, proxy } = world;
  const set = setOf(world, { formerKinds: [secrets] });
  await set.apply([config(world, "a"), secret(world, "s")], { prune: true });
  const id = applySetId(parentOf(world));
  expect(id).toMatch(/^applyset-[-_A-Za-z0-9]{43}-v1$/);
  expect((await parentOnServer(world)).metadata).toMatchObject({
    labels: { "applyset.kubernetes.io/id": id },
    annotations: {
      "applyset.kubernetes.io/tooling": "tester/1",
      "applyset.kubernetes.io/contains-group-kinds": "ConfigMap,Secret",
      "applyset.kubernetes.io/additional-namespaces": "",
    },
  });
  const [first] = proxy.requests.filter(({ method }) => method === "PATCH");
  expect(first?.path).toBe(`/api/v1/namespaces/${namespace}/configmaps/set`);
  expect((await world.admin.get(configMaps, { name: "a", namespace })).metadata.labels).toEqual({ [memberLabel]: id });

  await set.apply([config(world, "a")], { prune: true });
  const { annotations } = (await parentOnServer(world)).metadata;
  expect(annotations?.["applyset.kubernetes.io/contains-group-kinds"]).toBe("ConfigMap");
});

test("a parent that somebody removed is made anew with the next change", async () => {
  const world = await createWorld(server);
  const set = setOf(world);
  await set.apply([config(world, "a")], { prune: true });
  await world.admin.delete(configMaps, parentOf(world));
  await set.apply([config(world, "a"), config(world, "b")], { prune: true });
  expect((await parentOnServer(world)).metadata.labels).toBeDefined();
});

test("another process knows what to prune from the parent alone, and says so when it cannot find it", async () => {
  const world = await createWorld(server);
  await setOf(world).apply([config(world, "a"), secret(world, "s")], { prune: true });
  const unable = await setOf(world).apply([config(world, "a")], { prune: true });
  expect(String(unable.failed[0]?.error)).toContain("unknown kind Secret");
  const able = await setOf(world, { formerKinds: [secrets] }).apply([config(world, "a")], { prune: true });
  expect(able.pruned.map(({ object }) => object.metadata.name)).toEqual(["s"]);
});

test("the same set again costs no call at all", async () => {
  const world = await createWorld(server);
  const { namespace, proxy } = world;
  const set = setOf(world);
  const informer = world.informers.informer(configMaps, { namespace, keepManagedFieldsOf: "tester" });
  const members = (): SetMember[] =>
    ["a", "b"].map((name) => ({ ...config(world, name), live: informer.get(name, namespace) }) as SetMember);
  await set.apply(members(), { prune: true });
  await expect.poll(() => informer.list().length).toBeGreaterThanOrEqual(3);
  proxy.forget();
  expect((await set.apply(members(), { prune: true })).applied.map(({ changed }) => changed)).toEqual([false, false]);
  expect(proxy.requests).toEqual([]);
});

test("a definition is applied and established before the objects of its kind", async () => {
  const world = await createWorld(server);
  const widgets = widgetsOf(world);
  const definition = widgetDefinition(widgets);
  const { name } = definition.metadata;
  onTestFinished(async () => {
    await world.admin.delete(customResourceDefinitionsResource, { name });
  });
  const { failed } = await setOf(world).apply([
    { resource: widgets as Resource<never>, object: widget(world, "w", {}) },
    { resource: customResourceDefinitionsResource, object: definition } as unknown as SetMember,
  ]);
  expect(failed).toEqual([]);
  expect(await world.admin.get(widgets, { name: "w", namespace: world.namespace })).toBeDefined();
});

test("a kind that is not served any more has no leftovers", async () => {
  const world = await createWorld(server);
  const widgets = widgetsOf(world);
  const definition = { resource: customResourceDefinitionsResource, object: widgetDefinition(widgets) };
  const all = [definition as unknown as SetMember, { resource: widgets, object: widget(world, "w", {}) }];
  await setOf(world).apply([config(world, "a"), ...all]);
  await world.admin.delete(customResourceDefinitionsResource, definition.object.metadata);
  const set = setOf(world, { formerKinds: [widgets, customResourceDefinitionsResource as Resource<never>] });
  expect(await set.apply([config(world, "a")], { prune: true })).toMatchObject({ failed: [] });
});

test("a set of another tool is left alone, an empty one needs a word, and nothing is in it twice", async () => {
  const world = await createWorld(server);
  await setOf(world).apply([config(world, "a")]);
  const other = setOf(world, { tooling: "other/1" });
  await expect(other.apply([config(world, "a")])).rejects.toThrow("belongs to tester/1");
  await expect(setOf(world).apply([], { prune: true })).rejects.toThrow("would prune everything");
  await expect(setOf(world).apply([config(world, "a"), config(world, "a", "2")])).rejects.toThrow("twice");
  expect(await names(world)).toEqual(["a"]);
  const emptying = setOf(world, { formerKinds: [configMaps as Resource<never>] });
  const emptied = await emptying.apply([], { prune: true, allowEmpty: true });
  expect([emptied.failed.length, emptied.pruned.length]).toEqual([0, 1]);
  expect(await names(world)).toEqual([]);
});
