import { expect, test } from "vitest";
import type { Any } from "./kinds.ts";
import { gateway, readyWorld, until, type World } from "./world.ts";

const definitions = [
  "applications.applicationconnector.kyma-project.io",
  "compassconnections.compass.kyma-project.io",
] as const;
const gone = (world: World) => until(async () => (await world.connector()) === undefined, 30_000);
const isClean = async (world: World): Promise<void> => {
  for (const kind of [
    "deployment",
    "service",
    "hpa",
    "pdb",
    "networkPolicy",
    "role",
    "serviceAccount",
    "configMap",
  ] as const) {
    const left = (await world.list(kind)).filter(({ metadata }) => metadata.labels?.["kyma-project.io/module"]);
    expect(left.map(({ metadata }) => metadata.name)).toEqual([]);
  }
  for (const kind of ["clusterRole", "clusterRoleBinding", "priorityClass"] as const) {
    const left = (await world.list(kind)).filter(({ metadata }) => metadata.labels?.["kyma-project.io/module"]);
    expect(left.map(({ metadata }) => metadata.name)).toEqual([]);
  }
  expect(await world.get("configMap", "application-connector-applyset")).toBeUndefined();
};
const application = (name: string) => ({ metadata: { name }, spec: { description: name } });

test("CM-38 with the object everything goes, but for namespaces and secrets", async () => {
  const world = await readyWorld({ domainName: "test.example", networkPoliciesEnabled: true });
  await world.create("secret", { metadata: { name: "theirs" }, data: {} });
  await world.remove("connector", "default");
  await until(async () => (await world.connector())?.["status"].state === "Deleting");
  await gone(world);
  await isClean(world);
  for (const name of definitions) expect(await world.get("definition", name)).toBeUndefined();
  expect(await world.list("istioGateway")).toEqual([]);
  expect(await world.get("secret", "theirs")).toBeDefined();
  expect(await world.get("namespace", "istio-system")).toBeDefined();
}, 40_000);

test("CM-39 Applications block the removal until they are gone", async () => {
  const world = await readyWorld();
  for (const name of ["crm", "shop"]) await world.create("application", application(name));
  await world.remove("connector", "default");
  const { status } = await world.reachesState("Warning");
  const deleted = status.conditions.find((condition: Any) => condition["type"] === "Deleted");
  expect(deleted).toMatchObject({
    status: "False",
    reason: "ApplicationsExist",
    message: expect.stringMatching(/2 .*crm, shop/),
  });
  expect(await world.get("deployment", gateway)).toBeDefined();
  expect(await world.get("definition", definitions[0])).toBeDefined();
  for (const name of ["crm", "shop"]) await world.remove("application", name);
  await gone(world);
  await isClean(world);
}, 40_000);

test("CM-40 with the policy Retain Applications and their definition stay", async () => {
  const world = await readyWorld({ domainName: "test.example", deletionPolicy: "Retain" });
  await world.create("application", application("crm"));
  await world.remove("connector", "default");
  await gone(world);
  await isClean(world);
  for (const name of definitions) expect(await world.get("definition", name)).toBeDefined();
  expect(await world.get("application", "crm")).toBeDefined();
}, 40_000);

test("CM-41 who insists loses Applications too", async () => {
  const world = await readyWorld();
  await world.create("application", application("crm"));
  await world.patch("connector", "default", {
    metadata: { annotations: { "operator.kyma-project.io/force-delete": "true" } },
  });
  await world.remove("connector", "default");
  await gone(world);
  await isClean(world);
  for (const name of definitions) expect(await world.get("definition", name)).toBeUndefined();
}, 40_000);

test("CM-42 the object goes although Istio went before it", async () => {
  const world = await readyWorld();
  for (const name of ["gateways.networking.istio.io", "virtualservices.networking.istio.io"]) {
    await world.remove("definition", name);
  }
  await world.reaches("ApplyObjError");
  await world.remove("connector", "default");
  await gone(world);
  await isClean(world);
}, 40_000);

test("B10 Applications that come while their absence is waited for keep everything", async () => {
  const world = await readyWorld();
  await world.remove("connector", "default");
  await until(async () => (await world.connector())?.["status"].state === "Deleting");
  await world.create("application", application("late"));
  await world.reachesState("Warning");
  expect(await world.get("deployment", gateway)).toBeDefined();
}, 40_000);

test("B10 what somebody takes away while Applications hold the removal back is there again", async () => {
  const world = await readyWorld();
  await world.create("application", application("crm"));
  await world.remove("connector", "default");
  await world.reachesState("Warning");
  const service = await world.get("service", gateway);
  await world.remove("service", gateway);
  await world.patch("configMap", "skr-configmap", { data: { "is-managed-kyma-runtime": "false" } });
  const isRepaired = async () => {
    const uid = (await world.get("service", gateway))?.metadata.uid;
    const data = (await world.get("configMap", "skr-configmap"))?.["data"];
    return uid !== undefined && uid !== service?.metadata.uid && data["is-managed-kyma-runtime"] === "true";
  };
  await until(isRepaired, 5_000);
  expect((await world.connector())?.["status"].state).toBe("Warning");
}, 40_000);

test("B10 Applications whose definition does not serve them are in the way like others", async () => {
  const world = await readyWorld();
  await world.create("application", application("crm"));
  await world.first.stop();
  await world.remove("connector", "default");
  const [name] = definitions;
  const { spec } = (await world.get("definition", name)) as Any;
  const versions = [{ ...spec.versions[0], served: false }];
  await world.patch("definition", name, { spec: { versions } });
  await until(async () =>
    world.list("application").then(
      () => false,
      () => true,
    ),
  );
  await world.manager();
  await world.reachesState("Warning");
  const serves = async () => ((await world.get("definition", name)) as Any)["spec"].versions[0].served;
  await until(serves, 5_000);
  await until(async () => (await world.condition("Deleted"))?.["message"].includes("crm") === true);
  expect(await world.get("application", "crm")).toBeDefined();
}, 40_000);

test("B10 nothing is removed as long as the object is paused", async () => {
  const world = await readyWorld();
  const annotation = (value: string | null) =>
    world.patch("connector", "default", { metadata: { annotations: { "operator.kyma-project.io/pause": value } } });
  await annotation("true");
  await until(async () => (await world.condition("Paused")) !== undefined);
  await world.remove("connector", "default");
  await until(async () => (await world.condition("Deleted"))?.["message"].includes("paused") === true);
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect(await world.get("deployment", gateway)).toBeDefined();
  await annotation(null);
  await gone(world);
}, 60_000);
