import type { FaultAction } from "@application-connector/ucl-emulator";
import { describe, expect, test } from "vitest";
import { createWorld, formation, pairedWorld, rounds, until } from "./world.ts";

describe("RA-16 without an answer that can be trusted nothing is touched:", () => {
  test.each<[title: string, action: FaultAction]>([
    ["a status", { status: 500, body: "html" }],
    ["errors", { graphqlError: { message: "no applications today" } }],
    ["errors beside data", { partialData: true }],
    ["no page", { nullField: "applicationsForRuntime" }],
    ["no runtime", { nullField: "runtime" }],
  ])("%s", async (_, action) => {
    const world = await createWorld();
    world.ucl.seed({ applications: { count: 2, formations: [formation] } });
    await world.configure();
    await world.agent();
    await world.reaches("Synchronized");
    const before = world.applications();
    expect(before).toHaveLength(2);
    world.ucl.faults.add({ match: { operation: "applicationsForRuntime" }, action });
    const { status } = await world.reaches("SynchronizationFailed");
    expect(status?.synchronizationStatus?.error).toMatch(/^Failed to fetch configuration: .+/);
    expect(status?.connectionStatus).not.toHaveProperty("error");
    expect(world.applications()).toEqual(before);
    world.ucl.faults.clear();
    world.patchConnection({ spec: { resyncNow: true } });
    await world.reaches("Synchronized");
    expect(world.connection()?.status?.synchronizationStatus).not.toHaveProperty("error");
    expect(world.applications()).toEqual(before);
  });
});

test("RA-34 when the labels of the runtime cannot be set, the applications are mirrored all the same", async () => {
  const world = await createWorld();
  world.ucl.seed({ applications: { count: 1, formations: [formation] } });
  world.ucl.faults.add({
    match: { operation: "setRuntimeLabel" },
    action: { graphqlError: { message: "no", code: 22 } },
  });
  await world.configure();
  await world.agent();
  const { status } = await world.reaches("MetadataUpdateFailed");
  expect(status?.synchronizationStatus).toMatchObject({
    error: expect.stringMatching(/^Failed to reconcile Runtime labels with proper URLs: .+/),
    lastAttempt: status?.synchronizationStatus?.lastSuccessfulFetch,
    lastSuccessfulApplication: null,
  });
  expect(world.applications()).toHaveLength(1);
});

test("RA-35 when the Applications of the cluster cannot be listed, nothing is applied", async () => {
  const world = await createWorld();
  world.ucl.seed({ applications: { count: 1, formations: [formation] } });
  world.cluster.faults.status(500, { resource: "applications", verb: "list" });
  world.cluster.faults.status(500, { resource: "applications", verb: "watch" });
  await world.configure();
  await world.agent();
  const { status } = await world.reaches("ResourceApplicationFailed");
  expect(status?.synchronizationStatus?.error).toMatch(/^Failed to apply configuration: .+/);
  expect(world.applications()).toEqual([]);
});

test("RA-44 what was asked for stays asked for until it has been done", async () => {
  const world = await pairedWorld();
  world.ucl.faults.add({ match: { operation: "applicationsForRuntime" }, action: { status: 500 } });
  world.patchConnection({ spec: { resyncNow: true } });
  await world.agent();
  await world.reaches("SynchronizationFailed");
  expect(world.connection()?.spec.resyncNow).toBe(true);
  world.ucl.faults.clear();
  await world.reaches("Synchronized", 20_000);
  expect(world.connection()?.spec.resyncNow).toBe(false);
});

test("without a runtime to ask for, the connection is kept and says what is missing", async () => {
  const world = await pairedWorld();
  await world.configure({ RUNTIME_ID: "", TOKEN: "" });
  await world.agent();
  const { status } = await world.reaches("SynchronizationFailed");
  expect(status?.synchronizationStatus?.error).toBe(
    "Failed to read Runtime config: Secret kyma-system/compass-agent-configuration has no RUNTIME_ID",
  );
  await world.configure({ TOKEN: "" });
  await world.reaches("Synchronized");
});

test("a round that finds nothing to do writes the connection and nothing else", async () => {
  const world = await createWorld();
  world.ucl.seed({ applications: { count: 2, auth: "basic", formations: [formation] } });
  await world.configure();
  await world.agent({ controllerSyncPeriodMs: 300 });
  await world.reaches("Synchronized");
  await rounds(world, 1);
  world.cluster.requests.clear();
  await rounds(world, 2);
  const writes = world.cluster.requests
    .list()
    .filter(({ verb }) => ["create", "update", "patch", "delete"].includes(verb));
  expect(new Set(writes.map(({ resource }) => resource))).toEqual(new Set(["compassconnections"]));
});

test("a CompassConnection of another name is told off and left alone", async () => {
  const world = await pairedWorld();
  world.cluster.create({
    apiVersion: "compass.kyma-project.io/v1alpha1",
    kind: "CompassConnection",
    metadata: { name: "other" },
    spec: { managementInfo: { connectorUrl: "", directorUrl: "" } },
  });
  await world.agent();
  const events = () =>
    world.cluster.list<{ reason: string; regarding: { name: string }; metadata: object }>({
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
    });
  await until(() => events().some(({ reason, regarding }) => reason === "Ignored" && regarding.name === "other"));
  await rounds(world, 1);
  expect(
    world.cluster.get({ apiVersion: "compass.kyma-project.io/v1alpha1", kind: "CompassConnection", name: "other" }),
  ).not.toHaveProperty("status");
});

test("a change of state is told to the cluster, with the reason and without ids that change each time", async () => {
  const world = await pairedWorld();
  world.ucl.faults.add({ match: { operation: "configuration" }, action: { status: 503, body: "empty" } });
  await world.agent();
  await world.reaches("ConnectionMaintenanceFailed");
  const events = () =>
    world.cluster.list<{ reason: string; note: string; type: string; metadata: object }>({
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
    });
  await until(() => events().some(({ reason }) => reason === "ConnectionMaintenanceFailed"));
  const told = events().find(({ reason }) => reason === "ConnectionMaintenanceFailed");
  expect(told).toMatchObject({
    type: "Warning",
    note: "Error while trying to maintain connection: connector configuration: status 503",
  });
});
