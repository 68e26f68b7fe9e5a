import { customResourceDefinitions } from "@application-connector/crds";
import { expect, test } from "vitest";
import type { Any } from "./kinds.ts";
import { agent, createWorld, gateway, moduleNamespace, readyWorld, until, validator } from "./world.ts";

const application = (name: string) => ({ metadata: { name }, spec: { description: name } });
const ofApplications = "applications.applicationconnector.kyma-project.io";
const ofConnectors = "applicationconnectors.operator.kyma-project.io";

test("a definition of ours that somebody removes is there again, and serves", async () => {
  const world = await readyWorld();
  const uid = (await world.get("definition", ofApplications))?.metadata.uid;
  await world.remove("definition", ofApplications);
  await until(async () => {
    const now = (await world.get("definition", ofApplications))?.metadata.uid;
    return now !== undefined && now !== uid;
  }, 5_000);
  await until(async () => world.create("application", application("crm")).then(Boolean, () => false));
  await world.reachesState("Ready");
});

test("without its own definition the manager removes what it may, and installs anew when that is back", async () => {
  const world = await readyWorld();
  await world.create("application", application("crm"));
  await world.remove("definition", ofConnectors);
  await world.reachesState("Warning");
  expect(await world.get("deployment", gateway)).toBeDefined();
  await world.remove("application", "crm");
  await until(async () => (await world.get("definition", ofConnectors)) === undefined, 30_000);
  await until(async () => (await world.list("deployment")).length === 0);

  const definition = customResourceDefinitions.find(({ metadata }) => metadata.name === ofConnectors);
  await world.create("definition", definition as unknown as Any);
  await until(async () => world.connect().then(Boolean, () => false), 20_000);
  await world.reaches("Verification");
  await world.ready(gateway, validator);
  await world.reachesState("Ready");
  expect(world.first.failure).toBeUndefined();
}, 120_000);

test("a namespace that is being removed takes the product with it, but never the Applications", async () => {
  const world = await readyWorld(undefined, { controllers: true });
  await world.create("application", application("crm"));
  await world.remove("namespace", moduleNamespace);
  const isLeaving = async () => (await world.connector())?.metadata.deletionTimestamp !== undefined;
  // An emulated server has nobody who empties namespaces.
  if (!world.server.hasControllers) await world.remove("connector", "default");
  await until(isLeaving);
  await world.reachesState("Warning");
  expect(await world.get("application", "crm")).toBeDefined();
  expect(world.first.failure).toBeUndefined();

  await world.remove("application", "crm");
  await until(async () => (await world.connector()) === undefined, 60_000);
  await until(async () => (await world.get("definition", ofApplications)) === undefined, 30_000);
  if (world.server.hasControllers) {
    await until(async () => (await world.get("namespace", moduleNamespace)) === undefined, 60_000);
  }
  expect(await world.list("clusterRole").then(ours)).toEqual([]);
}, 240_000);

test("B4 rights that are taken away show in the status, and what went wrong meanwhile is put right when they are back", async () => {
  const world = await createWorld();
  const everything = { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] };
  const own = { apiGroups: ["operator.kyma-project.io"], resources: ["*"], verbs: ["*"] };
  const follows = { apiGroups: ["*"], resources: ["*"], verbs: ["get", "list", "watch"] };
  await world.create("clusterRole", { metadata: { name: "limited" }, ...everything });
  await world.create("clusterRoleBinding", {
    metadata: { name: "limited" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "limited" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: world.server.limitedUser.name }],
  });
  await world.connect();
  const manager = await world.manager({ kubeconfig: world.kubeconfigOf(world.server.limitedUser.token) });
  await world.reaches("Verification");
  await world.ready(gateway, validator);
  await world.reachesState("Ready");

  await world.patch("clusterRole", "limited", { rules: [own, follows] });
  await world.remove("service", gateway);
  await world.reaches("Forbidden");
  expect(await world.condition("Ready")).toMatchObject({ status: "False", reason: "Forbidden" });
  expect((await world.condition("Installed"))?.["message"]).toMatch(/services/);
  await world.patch("clusterRole", "limited", everything);
  await until(async () => (await world.get("service", gateway)) !== undefined, 35_000);
  await world.reachesState("Ready");
  expect(manager.failure).toBeUndefined();
  expect((await world.get("deployment", agent))?.["spec"].replicas).toBe(0);
}, 90_000);

const ours = (objects: readonly Any[]): string[] =>
  objects.filter(({ metadata }) => metadata.labels?.["kyma-project.io/module"]).map(({ metadata }) => metadata.name);
