import { configMaps, type Resource } from "@application-connector/kube";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { installWidgets, type Widget, widget, widgetsOf } from "./widgets.ts";
import { create, createWorld, metric, record, until } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

test("KR-13 what a handler throws or rejects reaches neither other handlers nor later events", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", note);
  onTestFinished(() => void process.off("unhandledRejection", note));
  const world = await createWorld(server);
  const informer = world.informers.informer(configMaps, { namespace: world.namespace });
  informer.subscribe({
    add: ({ metadata }) => {
      if (metadata.name === "thrown") throw new Error("handler threw");
    },
  });
  informer.subscribe({
    add: async ({ metadata }) => {
      if (metadata.name === "rejected") throw new Error("handler rejected");
    },
  });
  const lines = record(informer);
  await informer.waitForSync();
  const watches = () => world.proxy.watches("configmaps").length;
  const before = watches();
  for (const name of ["thrown", "rejected", "later"]) await create(world, name);
  await until("later events arrived", () => lines.includes("add later"));
  expect(lines).toEqual(["add thrown", "add rejected", "add later"]);
  expect(await metric(world, "k8s_handler_errors_total", { kind: "ConfigMap" })).toBe(2);
  expect(watches()).toBe(before);
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
});

test.each(["stream", "cache"] as const)(
  "KR-14 a malformed object is quarantined and all others are delivered (first state read as %s)",
  async (listing) => {
    const world = await createWorld(server);
    const checked: Resource<Widget> = {
      ...widgetsOf(world),
      validate: (object) => (typeof (object as Widget).spec === "object" ? undefined : "spec is no object"),
    };
    await installWidgets(world, checked);
    await createWhenServed(() => world.admin.create(checked, widget(world, "bad", "text instead of an object")));
    await world.admin.create(checked, widget(world, "good", { size: 1 }));
    const { namespace } = world;
    const informer = world.informers.informer(checked, { namespace, listing });
    const lines = record(informer);
    await informer.waitForSync();
    expect(lines).toEqual(["add good"]);
    expect(informer.quarantined).toMatchObject([{ key: `${namespace}/bad`, problem: "spec is no object" }]);
    expect(await metric(world, "k8s_informer_quarantined_total", { kind: "Widget" })).toBe(1);

    // A good object that turns bad is kept as it was; it is let in again when it was repaired.
    const good = informer.get("good", namespace) as Widget;
    await world.admin.replace(checked, { ...good, spec: 7 });
    await until("the second one is in quarantine", () => informer.quarantined.length === 2);
    expect(informer.get("good", namespace)).toBe(good);
    const bad = await world.admin.get(checked, { name: "bad", namespace });
    await world.admin.replace(checked, { ...bad, spec: {} });
    await until("the repaired one was let in", () => lines.includes("add bad"));
    expect(informer.quarantined.map(({ key }) => key)).toEqual([`${namespace}/good`]);
    await world.admin.delete(checked, { name: "good", namespace });
    await until("the delete arrived", () => lines.includes("delete good"));
    expect(informer.quarantined).toEqual([]);
  },
);

async function createWhenServed(attempt: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
