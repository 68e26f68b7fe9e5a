import { expect, inject, test } from "vitest";
import type { Any, KindName } from "./kinds.ts";
import { agent, finalizer, gateway, readyWorld, until, validator, type World } from "./world.ts";

const soon = 5_000;
/** As long as the contract says where a real server is asked; long enough for several looks where tests are to be quick. */
const long = inject("controlPlane") ? 30_000 : 2_000;

/** Holds all the time, while something else is repaired every second. */
async function staysSo(world: World, so: () => Promise<void>): Promise<void> {
  const end = Date.now() + long;
  for (let round = 0; Date.now() < end; round++) {
    await world.patch("configMap", "skr-configmap", { data: { "is-managed-kyma-runtime": `no ${round}` } });
    const data = async () => (await world.get("configMap", "skr-configmap"))?.["data"];
    await until(async () => (await data())["is-managed-kyma-runtime"] === "true", soon);
    await so();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
const gatewayImage = async (world: World) =>
  (await world.get("deployment", gateway))?.["spec"].template.spec.containers[0];

test("CM-25 the autoscaler's replicas are its own", async () => {
  const world = await readyWorld();
  for (const name of [gateway, validator]) {
    const { managedFields = [] } = ((await world.get("deployment", name)) as Any).metadata;
    const ours = managedFields.filter(({ manager }) => manager?.startsWith("application-connector-manager"));
    expect(JSON.stringify(ours)).not.toContain("f:replicas");
    await world.patch("deployment", name, { spec: { replicas: 4 } }, { subresource: "scale" });
  }
  await staysSo(world, async () => {
    for (const name of [gateway, validator]) expect((await world.get("deployment", name))?.["spec"].replicas).toBe(4);
  });
}, 60_000);

test("CM-26 the autoscaler's bounds follow the object, and nobody else", async () => {
  const world = await readyWorld();
  const spec = async () => (await world.get("hpa", gateway))?.["spec"];
  const averageUtilization = async () => (await spec()).metrics[0].resource.target.averageUtilization;
  expect(await spec()).toMatchObject({ minReplicas: 2, maxReplicas: 2 });
  expect(await averageUtilization()).toBe(80);
  const scaling = { minReplicas: 2, maxReplicas: 5, targetCPUUtilization: 70 };
  await world.patch("connector", "default", { spec: { appGateway: { scaling } } });
  await until(async () => (await spec()).maxReplicas === 5 && (await averageUtilization()) === 70);
  await world.patch("hpa", gateway, { spec: { maxReplicas: 9 } });
  await until(async () => (await spec()).maxReplicas === 5, soon);
});

test("CM-27 CM-28 what somebody deletes is there again, and nothing of ours holds it back", async () => {
  const world = await readyWorld();
  for (const [kind, name] of [
    ["service", gateway],
    ["istioGateway", "kyma-gateway-application-connector"],
    ["virtualService", validator],
    ["roleBinding", agent],
    ["deployment", validator],
  ] satisfies [KindName, string][]) {
    const { metadata } = (await world.get(kind, name)) as Any;
    expect(metadata.finalizers ?? []).toEqual([]);
    await world.remove(kind, name);
    await until(async () => {
      const uid = (await world.get(kind, name))?.metadata.uid;
      return uid !== undefined && uid !== metadata.uid;
    }, soon);
  }
});

test("CM-29 what somebody changes is put right, counted and told", async () => {
  const world = await readyWorld();
  const { args } = await gatewayImage(world);
  const containers = [{ name: gateway, args: ["--proxyPort=1"] }];
  await world.applyAs("somebody", "deployment", {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: gateway, namespace: "kyma-system" },
    spec: { template: { spec: { containers } } },
  });
  await until(async () => JSON.stringify((await gatewayImage(world)).args) === JSON.stringify(args), soon);
  await until(async () => (await world.list("event")).some(({ reason }) => reason === "FieldConflict"), soon);
  const { ports } = world.first;
  const text = await (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text();
  expect(text).toMatch(/acm_drift_corrections_total\{kind="Deployment"\} [1-9]/);
});

test("CM-30 what others add stays, also when the manager starts again", async () => {
  const world = await readyWorld();
  const toleration = { key: "theirs", operator: "Exists" };
  await world.applyAs("somebody", "deployment", {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: gateway, namespace: "kyma-system", labels: { theirs: "1" }, annotations: { theirs: "1" } },
    spec: {
      template: {
        spec: { containers: [{ name: gateway, env: [{ name: "THEIRS", value: "1" }] }], tolerations: [toleration] },
      },
    },
  });
  const isThere = async () => {
    const { metadata, spec } = (await world.get("deployment", gateway)) as Any;
    expect([metadata.labels?.["theirs"], metadata.annotations?.["theirs"]]).toEqual(["1", "1"]);
    expect(spec.template.spec.tolerations).toEqual([toleration]);
    expect(spec.template.spec.containers[0].env).toContainEqual({ name: "THEIRS", value: "1" });
  };
  await staysSo(world, isThere);
  await world.first.stop();
  await world.manager();
  await staysSo(world, isThere);
}, 120_000);

test("CM-31 kinds that upstream does not watch are repaired as well", async () => {
  const world = await readyWorld();
  const priorityClass = "central-application-gateway-priority-class";
  const description = async () => (await world.get("priorityClass", priorityClass))?.["description"];
  const told = await description();
  await world.patch("priorityClass", priorityClass, { description: "theirs" });
  await world.patch("configMap", "skr-configmap", { data: { "is-managed-kyma-runtime": "false" } });
  const name = "applications.applicationconnector.kyma-project.io";
  const { spec } = (await world.get("definition", name)) as Any;
  const versions = structuredClone(spec.versions);
  versions[0].schema.openAPIV3Schema.properties.spec.properties.group.description = "theirs";
  await world.patch("definition", name, { spec: { versions } });
  await until(async () => (await description()) === told, soon);
  const data = async () => (await world.get("configMap", "skr-configmap"))?.["data"];
  await until(async () => (await data())["is-managed-kyma-runtime"] === "true", soon);
  const now = async () => ((await world.get("definition", name)) as Any)["spec"].versions;
  await until(async () => JSON.stringify(await now()) === JSON.stringify(spec.versions), soon);
});

test("B20 U13 a port that somebody renumbered is renumbered back, beside the ports of others", async () => {
  const world = await readyWorld();
  const ports = async () => ((await world.get("service", gateway)) as Any)["spec"].ports;
  const before = await ports();
  const changed = before.map((port: Any, index: number) => (index === 0 ? { ...port, port: 9_999 } : port));
  await world.patch("service", gateway, { spec: { ports: [...changed, { name: "theirs", port: 7_777 }] } });
  await until(async () => !JSON.stringify(await ports()).includes("9999"), soon);
  expect((await ports()).map(({ name }: Any) => name).sort()).toEqual(
    [...before.map(({ name }: Any) => name), "theirs"].sort(),
  );
  await world.reachesState("Ready");
});

test("U16 somebody who does not give up is put right a few times a second, and heard of", async () => {
  const world = await readyWorld();
  const before = (await world.get("configMap", "skr-configmap")) as Any;
  let changes = 0;
  const end = Date.now() + 3_000;
  while (Date.now() < end) {
    await world.patch("configMap", "skr-configmap", { data: { "is-managed-kyma-runtime": `no ${changes++}` } });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const after = (await world.get("configMap", "skr-configmap")) as Any;
  expect(after.metadata.uid).toBe(before.metadata.uid);
  const corrections = async () => {
    const text = await (await fetch(`http://127.0.0.1:${world.first.ports.metrics}/metrics`)).text();
    return Number(/acm_drift_corrections_total\{kind="ConfigMap"\} (\d+)/.exec(text)?.[1]);
  };
  expect(await corrections()).toBeLessThanOrEqual(20);
  await until(async () => (await world.list("event")).some(({ reason }) => reason === "CorrectionPostponed"));
  await until(
    async () => (await world.get("configMap", "skr-configmap"))?.["data"]["is-managed-kyma-runtime"] === "true",
  );
});

test("B2 what says where everything is comes back, so that a removal finds all of it", async () => {
  const world = await readyWorld();
  const parent = "application-connector-applyset";
  const annotations = async () => (await world.get("configMap", parent))?.metadata.annotations;
  const before = await annotations();
  expect(before?.["applyset.kubernetes.io/additional-namespaces"]).toContain("istio-system");
  await world.remove("configMap", parent);
  await until(async () => JSON.stringify(await annotations()) === JSON.stringify(before), soon);
  await world.reachesState("Ready");
});

test("CM-53 a client that keeps changing labels loses none, and nothing of ours", async () => {
  const world = await readyWorld();
  const rounds = inject("controlPlane") ? 200 : 40;
  const errors = async () => {
    const text = await (await fetch(`http://127.0.0.1:${world.first.ports.metrics}/metrics`)).text();
    return Number(/acm_reconcile_total\{result="error"\} (\d+)/.exec(text)?.[1]);
  };
  const before = await errors();
  for (let count = 0; count < rounds; count++) {
    await world.patch("connector", "default", { metadata: { labels: { [`label-${count}`]: "x" } } });
    // The manager has something to write all the time: a status, and what follows the object.
    if (count % 10 === 0) {
      const logLevel = count % 20 === 0 ? "warn" : "debug";
      await world.patch("connector", "default", { spec: { appGateway: { logLevel } } });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await until(async () => (await gatewayImage(world)).args.includes("--logLevel=debug"));
  await world.ready(gateway);
  const { metadata } = await world.reachesState("Ready");
  expect(Object.keys(metadata.labels ?? {})).toHaveLength(rounds);
  expect(metadata.finalizers).toEqual([finalizer]);
  expect(await errors()).toBe(before);
}, 90_000);
