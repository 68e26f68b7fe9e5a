import { configMaps, type KubeObject, type Resource } from "@application-connector/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { installWidgets, widget, widgetsOf } from "./widgets.ts";
import { create, createWorld, metric, record, until, type World } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

test("KR-10 an informer of a kind that is installed ten seconds later is Degraded until then and syncs by itself", async () => {
  const world = await createWorld(server);
  const widgets = widgetsOf(world);
  const informer = world.informers.informer(widgets, { namespace: world.namespace });
  await until("it is degraded", () => informer.state === "Degraded");
  expect(informer.detail).toContain("404");
  expect(await metric(world, "k8s_informer_degraded", { kind: "Widget" })).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  expect(informer.state).toBe("Degraded");
  expect(informer.hasSynced).toBe(false);

  await installWidgets(world, widgets);
  await until("it synced", () => informer.hasSynced, 5_000);
  await until("it watches", () => informer.state === "Watching");
  expect(informer.detail).toBeUndefined();
  expect(await metric(world, "k8s_informer_degraded", { kind: "Widget" })).toBe(0);
  const lines = record(informer);
  await world.admin.create(widgets, widget(world, "first", {}));
  await until("objects arrive", () => lines.includes("add first"));
}, 60_000);

test("KR-11 an informer without permission starts to work when the permission is granted", async () => {
  const world = await createWorld(server, { token: server.limitedUser.token });
  await create(world, "hidden");
  const informer = world.informers.informer(configMaps, { namespace: world.namespace });
  const lines = record(informer);
  await until("it is degraded", () => informer.state === "Degraded");
  expect(informer.detail).toContain("403");
  await grantReading(world);
  await until("it synced", () => informer.hasSynced);
  expect(lines).toEqual(["add hidden"]);
  await create(world, "seen");
  await until("changes flow", () => lines.includes("add seen"));
});

async function grantReading(world: World): Promise<void> {
  const rbac = "rbac.authorization.k8s.io";
  const metadata = { name: "reader", namespace: world.namespace };
  const of = (plural: string, kind: string): Resource<KubeObject & Record<string, unknown>> => ({
    group: rbac,
    version: "v1",
    plural,
    kind,
    namespaced: true,
  });
  await world.admin.create(of("roles", "Role"), {
    apiVersion: `${rbac}/v1`,
    kind: "Role",
    metadata,
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
  });
  await world.admin.create(of("rolebindings", "RoleBinding"), {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: rbac, kind: "Role", name: "reader" },
    subjects: [{ apiGroup: rbac, kind: "User", name: server.limitedUser.name }],
  });
}
