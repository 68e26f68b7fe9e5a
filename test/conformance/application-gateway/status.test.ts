import { writeFileSync } from "node:fs";
import type { ApplicationGateway } from "@application-connector/application-gateway";
import type { Application } from "@application-connector/crds";
import type { Event } from "@application-connector/kube";
import { describe, expect, onTestFinished, test } from "vitest";
import { call } from "./http.ts";
import { running } from "./program.ts";
import { configFor, createWorld, echoOf, startedGateway, until, type World } from "./world.ts";

const kind = { apiVersion: "applicationconnector.kyma-project.io/v1alpha1", kind: "Application" };
/** What is shown here does not depend on how long changes are gathered. */
const statusPace = { settle: 200, write: 50, look: 600_000, refused: 600_000, failed: 10_000 };
const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" };

describe("an Application of which something is wrong", () => {
  test("says so in its conditions and by an Event, and says when it is repaired", async () => {
    const world = await ownWorld();
    const app = world.application([
      { displayName: "good", entries: [{}] },
      { displayName: "bad", entries: [{ credentials: { type: "Basic", secretName: "late" } }] },
    ]);
    await reporting(world);
    await until(() => condition(world, app, "Ready")?.status === "False");
    expect(condition(world, app, "Ready")).toMatchObject({
      reason: "SomeApisNotCallable",
      message: expect.stringContaining("1 of 2 APIs can't be called: /bad: "),
      observedGeneration: generation(world, app),
    });
    expect(condition(world, app, "CredentialsReady")).toMatchObject({ status: "False", reason: "SecretNotFound" });
    expect(condition(world, app, "EndpointsValid")).toMatchObject({ status: "True" });
    await until(() => events(world, app).length > 0);
    expect(events(world, app)).toEqual([
      expect.objectContaining({
        type: "Warning",
        reason: "SecretNotFound",
        note: expect.stringContaining("'late' not found"),
        reportingController: "application-gateway",
      }),
    ]);

    const since = condition(world, app, "EndpointsValid")?.lastTransitionTime;
    world.secret({ username: "u", password: "p" }, "late");
    await until(() => condition(world, app, "Ready")?.status === "True");
    expect(condition(world, app, "CredentialsReady")).toMatchObject({ status: "True", reason: "CredentialsUsable" });
    expect(condition(world, app, "EndpointsValid")?.lastTransitionTime).toBe(since);
  });

  test.each<[string, (world: World) => string, string, string]>([
    ["a bad PEM", (world) => withSecret(world, "CertificateGen", { crt: "x", key: "y" }), "CredentialsReady", "False"],
    ["names that clash", (world) => clashing(world), "NameConflict", "True"],
    ["skipVerify", (world) => world.api({}, { skipVerify: true }), "TLSVerificationDisabled", "True"],
    ["a certificate at its end", (world) => withCertificate(world, 3), "CertificateExpiring", "True"],
    ["a target that is no URL", (world) => world.api({ targetUrl: "http://[::1" }), "EndpointsValid", "False"],
  ])("has a condition and an Event for %s", async (_, make, type, status) => {
    const world = await ownWorld();
    const app = make(world);
    await reporting(world);
    await until(() => condition(world, app, type)?.status === status);
    await until(() => events(world, app).length > 0);
    expect(events(world, app).map(({ reason }) => reason)).toContain(condition(world, app, type)?.reason);
  });

  test("keeps the conditions that others have written", async () => {
    const world = await ownWorld();
    const app = world.api();
    const synced = {
      type: "Synced",
      status: "True",
      reason: "Fine",
      message: "",
      lastTransitionTime: "2026-01-01T00:00:00Z",
    };
    world.cluster.patchObject(
      { ...kind, name: app },
      { status: { installationStatus: { status: "X" }, conditions: [synced] } },
      { subresource: "status" },
    );
    await reporting(world);
    await until(() => condition(world, app, "Ready") !== undefined);
    expect(condition(world, app, "Synced")).toEqual(synced);
    expect(application(world, app)?.status?.installationStatus).toEqual({ status: "X" });
  });
});

test("nothing is written while nothing changes: not by calls, by other changes, or by a new replica", async () => {
  const world = await ownWorld();
  const apps = [world.api(), world.api({ credentials: { type: "Basic", secretName: "missing" } })];
  const first = await reporting(world);
  await until(() => apps.every((app) => condition(world, app, "Ready") !== undefined));
  await until(() => events(world, apps[1] ?? "").length > 0);
  world.cluster.requests.clear();

  for (let i = 0; i < 100; i++) await call(first.ports.proxy, `/${apps[i % 2]}/s/x`);
  world.cluster.patchObject({ ...kind, name: apps[0] ?? "" }, { metadata: { labels: { a: "b" } } });
  world.cluster.closeWatches();
  await reporting(world);
  // Whatever was to come has come when a later change has: all are looked at in one go.
  const marker = world.api();
  await until(() => condition(world, marker, "Ready") !== undefined);
  const writes = world.cluster.requests.list().filter(({ verb }) => !["get", "list", "watch"].includes(verb));
  expect(new Set(writes.map(({ name, resource }) => `${resource} ${name}`))).toEqual(
    new Set([`applications/status ${marker}`]),
  );
});

test("two replicas agree: each Application is written about once, or at most once by each", async () => {
  const world = await ownWorld();
  const apps = Array.from({ length: 6 }, () => world.api({ credentials: { type: "Basic", secretName: "missing" } }));
  world.cluster.requests.clear();
  await Promise.all([reporting(world), reporting(world)]);
  await until(() => apps.every((app) => events(world, app).length > 0), 20_000);
  const before = apps.map((app) => application(world, app)?.status);
  const marker = world.api();
  await until(() => condition(world, marker, "Ready") !== undefined);
  expect(apps.map((app) => application(world, app)?.status)).toEqual(before);
  for (const app of apps) {
    expect(world.cluster.requests.count({ resource: "applications/status", name: app })).toBeLessThanOrEqual(2);
  }
}, 40_000);

test("a gateway that may read and nothing else serves, and complains once", async () => {
  const world = await ownWorld();
  world.cluster.addUser({ token: "reader", name: "reader" });
  const rules = [{ apiGroups: ["*"], resources: ["applications", "secrets"], verbs: ["get", "list", "watch"] }];
  world.cluster.apply({ ...rbac, kind: "ClusterRole", metadata: { name: "reader" }, rules });
  world.cluster.apply({
    ...rbac,
    kind: "ClusterRoleBinding",
    metadata: { name: "reader" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "reader" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "reader" }],
  });
  const [app] = [world.api(), world.api(), world.api()];
  const kubeconfig = `${world.kubeconfig}-reader`;
  writeFileSync(kubeconfig, world.cluster.kubeconfig("reader"));
  const gateway = await running(kubeconfig);
  const complaints = (): number => gateway.output().split("conditions of Applications can't be written").length - 1;
  await until(() => complaints() > 0);
  const late = world.api();
  await until(async () => (await call(gateway.ports.proxy, `/${late}/s/x`)).status === 200);
  expect(echoOf(await call(gateway.ports.proxy, `/${app}/s/x`)).url).toBe("/x");
  gateway.process.kill("SIGTERM");
  expect(await gateway.ended).toBe(0);
  expect(complaints()).toBe(1);
});

async function ownWorld(): Promise<World> {
  const world = await createWorld();
  onTestFinished(() => world.stop());
  return world;
}

async function reporting(world: World): Promise<ApplicationGateway> {
  const gateway = await startedGateway(configFor(world.kubeconfig, { reportStatus: true }), { statusPace });
  await gateway.synced;
  return gateway;
}

function application(world: World, name: string): Application | undefined {
  return world.cluster.get<Application>({ ...kind, name });
}

function condition(world: World, name: string, type: string) {
  return application(world, name)?.status?.conditions?.find((one) => one.type === type);
}

function generation(world: World, name: string): number | undefined {
  return application(world, name)?.metadata.generation;
}

function events(world: World, name: string): Event[] {
  const all = world.cluster.list<Event>({ apiVersion: "events.k8s.io/v1", kind: "Event", namespace: "default" });
  return all.filter(({ regarding }) => regarding?.kind === "Application" && regarding.name === name);
}

function withSecret(world: World, type: string, data: Record<string, string>): string {
  return world.api({ credentials: { type, secretName: world.secret(data) } });
}

function withCertificate(world: World, days: number): string {
  const { certificate: crt, key } = world.authority.issue({ subject: "CN=c", usage: ["client"], keyType: "ec", days });
  return withSecret(world, "CertificateGen", { crt, key });
}

function clashing(world: World): string {
  return world.application([
    { displayName: "Dup", entries: [{}] },
    { displayName: "dup", entries: [{}] },
  ]);
}
