import { render } from "@application-connector/connector-manager/bundle";
import { expect, test } from "vitest";
import { endChild, startChild } from "./child.ts";
import type { Any } from "./kinds.ts";
import { agent, createWorld, gateway, readyWorld, until, validator } from "./world.ts";

test("CM-43 a manager that starts again changes nothing", async () => {
  const world = await readyWorld();
  await world.first.stop();
  const versions = async () => {
    const kinds = [
      "deployment",
      "service",
      "hpa",
      "role",
      "clusterRole",
      "priorityClass",
      "configMap",
      "definition",
    ] as const;
    const all = await Promise.all(kinds.map((kind) => world.list(kind)));
    const objects = [...all.flat(), (await world.connector()) as Any];
    return objects.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`);
  };
  const before = await versions();
  const second = await world.manager();
  const text = async () => (await fetch(`http://127.0.0.1:${second.ports.metrics}/metrics`)).text();
  await until(async () => /acm_reconcile_total\{result="success"\} [1-9]/.test(await text()));
  expect(await versions()).toEqual(before);
});

test("CM-45 the lease passes on when its holder ends, and one writes at a time", async () => {
  const world = await createWorld();
  await world.connect();
  const first = await startChild(world, "--leader-elect");
  await world.reaches("Verification");
  const lease = async () => (await world.get("lease", "3e432b4e.acm.operator.kyma-project.io"))?.["spec"];
  const held = await lease();
  const second = await world.manager({ leaderElect: true });
  const metrics = async () => (await fetch(`http://127.0.0.1:${second.ports.metrics}/metrics`)).text();
  const leads = async () => /^acm_leader 1$/m.test(await metrics());
  const hasWritten = async () =>
    /k8s_client_requests_total\{verb="(create|update|patch|apply|delete)",resource="(?!leases)/.test(await metrics());
  const isRepaired = async () => {
    await world.remove("service", gateway);
    await until(async () => (await world.get("service", gateway)) !== undefined, 5_000);
  };
  await isRepaired();
  expect([await leads(), await hasWritten()]).toEqual([false, false]);

  expect(await endChild(first, "SIGTERM")).toBe(0);
  await until(leads, 4_000);
  const now = await lease();
  expect(now.leaseTransitions).toBe((held.leaseTransitions ?? 0) + 1);
  expect(now.holderIdentity).not.toBe(held.holderIdentity);
  await isRepaired();
  expect(await hasWritten()).toBe(true);
});

test("CM-46 health is always good, readiness when the API server was heard, metrics on their port", async () => {
  const world = await createWorld();
  await world.server.kill();
  const manager = await world.manager();
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${manager.ports.health}${path}`)).status;
  expect([await status("/healthz"), await status("/readyz")]).toEqual([200, 503]);
  await world.server.start();
  await until(async () => (await status("/readyz")) === 200);
  const text = await (await fetch(`http://127.0.0.1:${manager.ports.metrics}/metrics`)).text();
  expect(text).toContain("acm_reconcile_total");
});

test("CM-48 an object that a release no longer has goes, and nothing else changes", async () => {
  const world = await readyWorld();
  await world.first.stop();
  const uid = async (name: string) => (await world.get("deployment", name))?.metadata.uid;
  const before = await uid(gateway);
  const renamed = (settings: Parameters<typeof render>[0]) =>
    render(settings).map((object) =>
      object.kind === "ConfigMap" ? { ...object, metadata: { ...object.metadata, name: "renamed" } } : object,
    );
  await world.manager({}, { render: renamed });
  await until(async () => (await world.get("configMap", "renamed")) !== undefined);
  await until(async () => (await world.get("configMap", "skr-configmap")) === undefined);
  expect(await uid(gateway)).toBe(before);
});

test("B2 a definition that a release no longer has stays, with what users wrote", async () => {
  const world = await readyWorld();
  await world.create("application", { metadata: { name: "crm" }, spec: {} });
  await world.first.stop();
  const name = "applications.applicationconnector.kyma-project.io";
  const uid = (await world.get("definition", name))?.metadata.uid;
  const without = (settings: Parameters<typeof render>[0]) =>
    render(settings).filter(({ kind, metadata }) => metadata.name !== name && kind !== "PodDisruptionBudget");
  await world.manager({}, { render: without });
  await until(async () => (await world.list("pdb")).length === 0);
  await world.reachesState("Ready");
  expect((await world.get("definition", name))?.metadata.uid).toBe(uid);
  expect(await world.get("application", "crm")).toBeDefined();
});

test("B26 a definition of a newer manager is left alone, and the object says why", async () => {
  const world = await createWorld();
  await world.connect();
  const newer = await world.manager({}, { version: "2.0.0" });
  await world.reaches("Verification");
  await newer.stop();
  await world.manager({}, { version: "1.0.0" });
  await world.reaches("DowngradeRefused");
  expect((await world.connector())?.["status"].state).toBe("Error");
  expect((await world.condition("Installed"))?.["message"]).toContain("2.0.0");
});

test("B33 in an upgrade each program waits for the one before it", async () => {
  const world = await readyWorld();
  await world.first.stop();
  const image = async (name: string) =>
    (await world.get("deployment", name))?.["spec"].template.spec.containers[0].image;
  const before = await image(gateway);
  await world.manager({ imageGateway: "new/gateway:2", imageValidator: "new/validator:2", imageAgent: "new/agent:2" });
  await until(async () => (await image(validator)) === "new/validator:2");
  await until(async () => (await world.condition("Ready"))?.["message"].includes(validator));
  expect(await image(gateway)).toBe(before);
  await world.ready(validator);
  await until(async () => (await image(gateway)) === "new/gateway:2");
  expect(await image(agent)).not.toBe("new/agent:2");
  await world.ready(gateway);
  await until(async () => (await image(agent)) === "new/agent:2");
  await world.reachesState("Ready");
});

test("B35 a paused object is left alone, and repaired when it goes on", async () => {
  const world = await readyWorld();
  const annotation = (value: string | null) =>
    world.patch("connector", "default", { metadata: { annotations: { "operator.kyma-project.io/pause": value } } });
  await annotation("true");
  await until(async () => (await world.condition("Paused")) !== undefined);
  await world.remove("hpa", gateway);
  await world.patch("deployment", gateway, { metadata: { labels: { seen: "1" } } });
  await world.patch("connector", "default", { metadata: { labels: { seen: "1" } } });
  expect(await world.get("hpa", gateway)).toBeUndefined();
  await annotation(null);
  await until(async () => (await world.get("hpa", gateway)) !== undefined);
  await until(async () => (await world.condition("Paused")) === undefined);
});

test("B6 an object that was stored before the rules came is told what is wrong, and others go on", async () => {
  const world = await createWorld();
  const name = "applicationconnectors.operator.kyma-project.io";
  const { spec } = (await world.get("definition", name)) as Any;
  const open = structuredClone(spec.versions);
  open[0].schema.openAPIV3Schema.properties.spec = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  await world.patch("definition", name, { spec: { versions: open } });
  await until(async () => {
    const made = await world
      .connect({ appGateway: { proxyTimeout: "abc" } }, { name: "broken" })
      .catch(() => undefined);
    return made !== undefined;
  });
  await world.patch("definition", name, { spec: { versions: spec.versions } });
  await world.connect();
  await world.manager();
  await world.reaches("Verification");
  const broken = await world.reaches("InvalidSpec", "broken");
  expect(broken["status"]).toMatchObject({ state: "Error", served: "False" });
  expect((await world.condition("Installed", "broken"))?.["message"]).toContain("proxyTimeout");
});

test("U3 B4 rights that are missing are in the status, and the manager goes on when they are there", async () => {
  const world = await createWorld();
  await world.create("clusterRole", {
    metadata: { name: "limited" },
    rules: [
      { apiGroups: ["operator.kyma-project.io"], resources: ["*"], verbs: ["*"] },
      { apiGroups: ["apiextensions.k8s.io"], resources: ["*"], verbs: ["*"] },
      { apiGroups: ["apps"], resources: ["*"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["configmaps", "secrets"], verbs: ["get", "list", "watch"] },
    ],
  });
  const { name } = world.server.limitedUser;
  await world.create("clusterRoleBinding", {
    metadata: { name: "limited" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "limited" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name }],
  });
  await world.connect();
  const kubeconfig = world.kubeconfigOf(world.server.limitedUser.token);
  const manager = await world.manager({ kubeconfig });
  await world.reaches("Forbidden");
  expect((await world.connector())?.["status"].state).toBe("Error");
  await world.patch("clusterRole", "limited", { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] });
  await until(async () => (await world.condition("Installed"))?.["reason"] === "Verification", 35_000);
  expect(manager.failure).toBeUndefined();
}, 60_000);
