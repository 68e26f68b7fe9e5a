import { configMaps } from "@application-connector/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OwnApiServer, startOwnApiServer } from "./servers.ts";
import { create, createWorld, record, until } from "./world.ts";

let server: OwnApiServer;
beforeAll(async () => {
  server = await startOwnApiServer();
});
afterAll(() => server?.stop());

test("changes are seen within two seconds after a killed API server is back, and reads go on meanwhile", async () => {
  const world = await createWorld(server, { direct: true, random: Math.random });
  await create(world, "before");
  const informer = world.informers.informer(configMaps, { namespace: world.namespace });
  const lines = record(informer);
  await until("it watches", () => informer.state === "Watching");
  for (let round = 1; round <= 3; round++) {
    await server.kill();
    await until("the loss is noticed", () => informer.state === "Backoff");
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(informer.get("before", world.namespace)).toBeDefined();
    expect(informer.hasSynced).toBe(true);
    await server.start();
    const backAt = performance.now();
    await create(world, `after-${round}`);
    await until("the change is seen", () => lines.includes(`add after-${round}`));
    expect(performance.now() - backAt).toBeLessThan(2_000);
  }
  expect(lines).toEqual(["add before", "add after-1", "add after-2", "add after-3"]);
}, 120_000);

test("a server that was restored from an old backup is listed anew, although it counts from below what was seen", async () => {
  const world = await createWorld(server, { direct: true, random: Math.random });
  const put = (name: string) =>
    world.admin.create(configMaps, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "default", labels: { restored: "yes" } },
    });
  const informer = world.informers.informer(configMaps, { namespace: "default", labelSelector: "restored=yes" });
  const names = () => informer.list("default").map(({ metadata }) => metadata.name);
  await put("lost");
  // More than a store that begins anew counts by itself.
  for (let count = 0; count < 1_000; count++) {
    await world.admin.patch(
      configMaps,
      { name: "lost", namespace: "default" },
      { data: { count: String(count) } },
      { contentType: "application/merge-patch+json" },
    );
  }
  await until("it is known", () => informer.get("lost", "default")?.data?.["count"] === "999");

  await server.kill();
  await until("it is away", () => informer.detail?.includes("ECONNREFUSED"));
  await server.startAnew();
  await put("new");
  await until("what it has is known", () => names().join() === "new", 30_000);
  await put("newer");
  await until("it is followed", () => names().length === 2);
}, 180_000);
