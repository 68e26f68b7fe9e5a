import { type ConfigMap, configMaps, type Resource } from "@application-connector/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { change, configMap, create, createWorld, expired, record, remove, until, type World } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

async function createMany(world: World, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `object-${String(index).padStart(4, "0")}`);
  const workers = Array.from({ length: 8 }, async () => {
    for (let name = names.pop(); name; name = names.pop()) await create(world, name);
  });
  await Promise.all(workers);
}

test("KR-3 an informer reads 1 200 objects in three pages and is synced when all were delivered", async () => {
  const world = await createWorld(server);
  await createMany(world, 1_200);
  const { namespace } = world;
  const informer = world.informers.informer(configMaps, { namespace, listing: "pages" });
  const lines = record(informer);
  expect(informer.hasSynced).toBe(false);
  let deliveredAtSync = 0;
  await informer.waitForSync().then(() => {
    deliveredAtSync = lines.length;
  });
  expect(deliveredAtSync).toBe(1_200);
  expect(lines.every((line) => line.startsWith("add "))).toBe(true);
  expect(world.proxy.lists("configmaps")).toHaveLength(3);
  expect(world.proxy.lists("configmaps").every(({ query }) => query.get("limit") === "500")).toBe(true);
}, 60_000);

test.each(["stream", "cache", "pages"] as const)(
  "KR-4 changes arrive in order and the store equals the server (first state read as %s)",
  async (listing) => {
    const world = await createWorld(server);
    const { namespace } = world;
    await create(world, "first", "1");
    const informer = world.informers.informer(configMaps, { namespace, listing });
    await informer.waitForSync();
    const lines = record(informer);
    await create(world, "second", "1");
    await change(world, "second", "2");
    await change(world, "first", "2");
    await remove(world, "second");
    await until("the delete arrived", () => lines.includes("delete second"));
    expect(lines).toEqual(["add first", "add second", "update second 1→2", "update first 1→2", "delete second"]);

    const onServer = (await world.admin.list(configMaps, { namespace })).items;
    const versions = (objects: readonly ConfigMap[]) =>
      objects.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`).sort();
    expect(versions(informer.list())).toEqual(versions(onServer));
    const first = informer.get("first", namespace);
    expect(first).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", data: { text: "2" } });
    expect(Object.isFrozen(first?.metadata)).toBe(true);
    expect(first?.metadata).not.toHaveProperty("managedFields");
  },
);

test("KR-15 whoever asks for the same kind shares one list and one watch, and late handlers get what there is", async () => {
  const world = await createWorld(server);
  const { namespace, informers, proxy } = world;
  await create(world, "early");
  const one = informers.informer(configMaps, { namespace, listing: "cache" });
  const other = informers.informer(configMaps, { namespace, listing: "cache" });
  await Promise.all([one.waitForSync(), other.waitForSync()]);
  await until("the watch is open", () => one.state === "Watching");
  const late = record(other);
  expect(late.filter((line) => line === "add early")).toHaveLength(1);
  await create(world, "later");
  await until("the late handler heard of a change", () => late.includes("add later"));
  expect(proxy.lists("configmaps")).toHaveLength(1);
  expect(proxy.watches("configmaps")).toHaveLength(1);
  const elsewhere = informers.informer(configMaps, { namespace: "default" });
  await elsewhere.waitForSync();
  expect(elsewhere).not.toBe(one);
});

test("KR-16 an index follows adds, updates that move the value, deletes and relists", async () => {
  const world = await createWorld(server);
  const { namespace } = world;
  const servicesOf = ({ data }: ConfigMap): string[] => data?.["text"]?.split(",") ?? [];
  const informer = world.informers.informer(configMaps, { namespace, indexers: { service: servicesOf } });
  const names = (value: string): string[] =>
    informer
      .byIndex("service", value)
      .map(({ metadata }) => metadata.name)
      .sort();
  await informer.waitForSync();
  await create(world, "crm", "orders,customers");
  await create(world, "shop", "orders");
  await until("both are there", () => informer.get("shop", namespace));
  expect(names("orders")).toEqual(["crm", "shop"]);
  expect(names("customers")).toEqual(["crm"]);

  await change(world, "shop", "carts");
  await until("the value moved", () => names("carts").length === 1);
  expect(names("orders")).toEqual(["crm"]);

  await remove(world, "crm");
  await until("the object is gone", () => names("orders").length === 0);
  expect(names("customers")).toEqual([]);

  world.proxy.answer(({ isWatch }) => isWatch, expired);
  world.proxy.streams[0]?.close();
  await create(world, "erp", "orders,carts");
  await until("the relist brought the new object", () => names("orders").length === 1);
  expect(names("carts")).toEqual(["erp", "shop"]);
});

test("an informer for metadata only keeps nothing else, whatever the server sends", async () => {
  const world = await createWorld(server);
  const { namespace } = world;
  await world.admin.create(configMaps, {
    ...configMap(world, "labelled", "long"),
    metadata: { name: "labelled", namespace, labels: { app: "crm" } },
  });
  const informer = world.informers.informer(configMaps as Resource<ConfigMap>, { namespace, metadataOnly: true });
  await informer.waitForSync();
  expect(informer.get("labelled", namespace)).not.toHaveProperty("data");
  expect(informer.list(namespace, { app: "crm" })).toHaveLength(1);
  expect(informer.list(namespace, { app: "shop" })).toHaveLength(0);
});

test("a writer can wait until the cache has seen its write", async () => {
  const world = await createWorld(server);
  const { namespace } = world;
  const informer = world.informers.informer(configMaps, { namespace });
  await informer.waitForSync();
  await until("the watch is open", () => informer.state === "Watching");
  const written = await create(world, "mine", "1");
  expect(await informer.expect({ name: "mine", namespace }, written.metadata.resourceVersion ?? "")).toBe(true);
  expect(informer.get("mine", namespace)?.data).toEqual({ text: "1" });
  const version = informer.get("mine", namespace)?.metadata.resourceVersion ?? "";
  expect(await informer.expect({ name: "mine", namespace }, version)).toBe(true);
});
