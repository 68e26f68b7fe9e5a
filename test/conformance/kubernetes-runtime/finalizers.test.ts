import {
  addFinalizer,
  applyStatus,
  type Client,
  type ConfigMap,
  configMaps,
  createApplier,
  hasFinalizer,
  removeFinalizer,
} from "@application-connector/kube";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { installWidgets, type Widget, widget, widgetsOf } from "./widgets.ts";
import { adminOf, change, create, createWorld, remove, type World } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

const ours = "example.com/ours";
const theirs = "example.com/theirs";
const foreign = "example.com/foreign";

const current = ({ admin, namespace }: World): Promise<ConfigMap> => admin.get(configMaps, { name: "crm", namespace });
const writes = ({ proxy }: World): number => proxy.requests.filter(({ method }) => method === "PATCH").length;

test("KR-24 two clients that add and remove their finalizers at once lose none of anybody's", async () => {
  const world = await createWorld(server);
  const { admin } = world;
  const other = adminOf(server);
  onTestFinished(() => other.stop());
  const rounds = 100;
  const held = await create(world, "crm");
  await addFinalizer(admin, configMaps, held, foreign);
  const play = async (player: Client, finalizer: string): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      const added = await addFinalizer(player, configMaps, await current(world), finalizer);
      expect(added && hasFinalizer(added, finalizer)).toBe(true);
      const removed = await removeFinalizer(player, configMaps, added as ConfigMap, finalizer);
      expect(removed?.metadata.finalizers).not.toContain(finalizer);
      expect(removed?.metadata.finalizers).toContain(foreign);
    }
  };
  await Promise.all([play(other, ours), play(admin, theirs)]);
  expect((await current(world)).metadata.finalizers).toEqual([foreign]);
  await removeFinalizer(admin, configMaps, await current(world), foreign);
}, 60_000);

test("KR-24 a status that is equal is not written, whatever others do to the object meanwhile", async () => {
  const world = await createWorld(server);
  const { client, admin, namespace, proxy } = world;
  const widgets = widgetsOf(world);
  const status = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  await installWidgets(world, widgets, { status });
  await world.informers.informer(widgets, { namespace }).waitForSync();
  await admin.create(widgets, widget(world, "w", {}));
  const applier = createApplier(client, { fieldManager: "tester" });
  const read = (): Promise<Widget> => admin.get(widgets, { name: "w", namespace });
  const ready = { conditions: [{ type: "Ready", status: "True" as const, reason: "Tested", observedGeneration: 1 }] };
  await applyStatus(applier, widgets, await read(), ready);
  const before = proxy.requests.length;
  for (let round = 0; round < 20; round++) {
    const contentType = "application/merge-patch+json" as const;
    await admin.patch(
      widgets,
      { name: "w", namespace },
      { metadata: { labels: { round: `${round}` } } },
      { contentType },
    );
    expect(await applyStatus(applier, widgets, await read(), ready)).toMatchObject({ changed: false });
  }
  expect(proxy.requests.length).toBe(before);
});

test("what is so already is not written; what changed meanwhile is read again", async () => {
  const world = await createWorld(server);
  const { client } = world;
  const stale = await create(world, "crm");
  expect(await removeFinalizer(client, configMaps, stale, ours)).toBe(stale);
  expect(writes(world)).toBe(0);
  await change(world, "crm", "2");
  const added = (await addFinalizer(client, configMaps, stale, ours)) as ConfigMap;
  expect(added).toMatchObject({ data: { text: "2" }, metadata: { finalizers: [ours] } });
  expect(writes(world)).toBe(2);
  expect(await addFinalizer(client, configMaps, added, ours)).toBe(added);
  await change(world, "crm", "3");
  await removeFinalizer(client, configMaps, added, ours);
  expect(writes(world)).toBe(3);
});

test("an object that is being deleted takes no finalizer any more, and goes with the last one", async () => {
  const world = await createWorld(server);
  const { client } = world;
  const fresh = await create(world, "crm");
  await addFinalizer(client, configMaps, fresh, ours);
  await remove(world, "crm");
  const going = await addFinalizer(client, configMaps, fresh, theirs);
  expect(going).toMatchObject({ metadata: { finalizers: [ours], deletionTimestamp: expect.anything() } });
  await removeFinalizer(client, configMaps, going as ConfigMap, ours);
  expect(await removeFinalizer(client, configMaps, going as ConfigMap, ours)).toBeUndefined();
});

test("a namesake is let alone", async () => {
  const world = await createWorld(server);
  const old = await create(world, "crm");
  await remove(world, "crm");
  const fresh = await create(world, "crm");
  expect(await addFinalizer(world.client, configMaps, old, ours)).toBeUndefined();
  expect((await current(world)).metadata).toEqual(fresh.metadata);
});

test("a finalizer the server refuses is an error, not a reason to try for ever", async () => {
  const world = await createWorld(server);
  const object = await create(world, "crm");
  await expect(addFinalizer(world.client, configMaps, object, "not a name")).rejects.toMatchObject({ status: 422 });
  expect(writes(world)).toBe(1);
});
