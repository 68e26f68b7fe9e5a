import {
  type Client,
  type ConfigMap,
  type ControlOptions,
  configMaps,
  createApplier,
  createController,
  createLeaderElector,
  leases,
  nameIs,
  objects,
  startControl,
} from "@application-connector/kube";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { change, create, createWorld, until, type World } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

const durations = { leaseDurationMs: 2_000, renewDeadlineMs: 1_200, retryPeriodMs: 200 };

/** A process that writes down, on the ConfigMap `a`, that it has seen it. */
function startMarker(world: World, identity: string, more: Partial<ControlOptions> = {}) {
  const { client, informers, namespace } = world;
  const failures: Error[] = [];
  const informer = informers.informer(configMaps, { namespace });
  const elector = createLeaderElector(client, { namespace, name: "marker", identity, ...durations });
  const control = startControl(client, {
    elector,
    caches: [informer],
    controllers: (guarded: Client) => {
      const applier = createApplier(guarded, { fieldManager: "marker" });
      const reconcile = async ({ name }: { name: string }): Promise<void> => {
        const data = { [`seen-by-${identity}`]: informer.get(name, namespace)?.data?.["text"] ?? "" };
        const desired: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
        await applier.apply(configMaps, desired, { force: true });
      };
      return [createController({ name: "marker", sources: [objects(informer, nameIs("a"))], reconcile })];
    },
    onFailure: (failure) => failures.push(failure),
    ...more,
  });
  onTestFinished(() => control.stop());
  return { control, failures, elector };
}

const dataOf = async ({ admin, namespace }: World, name: string) =>
  (await admin.get(configMaps, { name, namespace })).data;

test("one process acts, the other takes over when it stops", async () => {
  const world = await createWorld(server);
  await create(world, "a", "1");
  const first = startMarker(world, "first");
  await expect.poll(() => dataOf(world, "a"), { timeout: 15_000 }).toMatchObject({ "seen-by-first": "1" });
  const second = startMarker(world, "second");
  await until("the second waits", () => second.elector.holder === "first");
  expect([first.control.state, second.control.state, second.control.problem]).toEqual([
    "running",
    "waiting",
    undefined,
  ]);
  await first.control.stop();
  expect(first.control.state).toBe("ended");
  await change(world, "a", "2");
  await expect.poll(() => dataOf(world, "a"), { timeout: 15_000 }).toMatchObject({ "seen-by-second": "2" });
  expect([...first.failures, ...second.failures]).toEqual([]);
});

test("a process that lost its lease writes nothing more, and says that it cannot go on", async () => {
  const world = await createWorld(server);
  const { admin, namespace, proxy } = world;
  await create(world, "a", "1");
  const { control, failures } = startMarker(world, "us");
  await expect.poll(() => dataOf(world, "a"), { timeout: 15_000 }).toMatchObject({ "seen-by-us": "1" });
  const lease = await admin.get(leases, { name: "marker", namespace });
  await admin.replace(leases, { ...lease, spec: { ...lease.spec, holderIdentity: "robber" } });
  await until("it noticed", () => failures.length > 0);
  expect(failures).toMatchObject([{ name: "LeadershipLostError" }]);
  expect([control.state, control.problem]).toEqual(["ended", "the lease is held by robber"]);
  proxy.forget();
  await change(world, "a", "2");
  await control.stop();
  expect(proxy.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  expect((await admin.get(leases, { name: "marker", namespace })).spec?.holderIdentity).toBe("robber");
});

test("caches that are not filled in time are a failure that says what is missing", async () => {
  const world = await createWorld(server);
  world.proxy.answer(({ path }) => path.endsWith("/configmaps"), { status: 403, body: forbidden }, 1_000);
  const { control, failures } = startMarker(world, "us", { syncWithinMs: 500 });
  expect(control.problem).toContain("1 of 1 caches are not filled");
  await until("it gave up", () => failures.length > 0);
  expect(failures[0]?.message).toMatch(/caches are not filled: .*not allowed/);
  expect(control.state).toBe("ended");
});

const forbidden = { kind: "Status", code: 403, reason: "Forbidden", message: "configmaps are not allowed" };

test("it stops before anything began", async () => {
  const world = await createWorld(server);
  world.proxy.answer(({ path }) => path.endsWith("/configmaps"), { hang: true }, 100);
  const { control, failures } = startMarker(world, "us");
  await control.stop();
  expect([control.state, failures]).toEqual(["ended", []]);
});
