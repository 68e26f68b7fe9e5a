import { configMaps, createClient, type KubeError, loadCluster } from "@application-connector/kube";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { SeenRequest } from "./faulty-proxy.ts";
import { type ApiServer, startApiServer } from "./servers.ts";
import { configMap, create, createWorld, kubeconfigFor, metric, until } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

const anything = (): boolean => true;
const failure = (call: Promise<unknown>): Promise<KubeError> =>
  call.then(
    () => Promise.reject(new Error("the call did not fail")),
    (error: KubeError) => error,
  );

test("reads and applies are tried three times, creating is tried once", async () => {
  const world = await createWorld(server);
  const { client, proxy, namespace } = world;
  await create(world, "there");
  proxy.answer(anything, { status: 503 }, 2);
  expect(await client.get(configMaps, { name: "there", namespace })).toMatchObject({ metadata: { name: "there" } });
  expect(proxy.requests).toHaveLength(3);

  proxy.forget();
  proxy.answer(anything, { status: 503 }, 2);
  await client.apply(configMaps, configMap(world, "applied"), { fieldManager: "test" });
  expect(proxy.requests).toHaveLength(3);

  proxy.forget();
  proxy.answer(anything, { status: 503 }, 1);
  expect(await failure(client.create(configMaps, configMap(world, "created")))).toMatchObject({ status: 503 });
  expect(proxy.requests).toHaveLength(1);
  expect(
    await metric(world, "k8s_client_requests_total", { verb: "create", resource: "configmaps", code: "503" }),
  ).toBe(1);
});

test("a write the server asks to send later is sent later", async () => {
  const world = await createWorld(server);
  world.proxy.answer(anything, { status: 429, headers: { "retry-after": "1" } });
  const started = performance.now();
  await world.client.create(configMaps, configMap(world, "patient"));
  expect(performance.now() - started).toBeGreaterThanOrEqual(1_000);
});

test("a server that does not answer costs a call its deadline and no more", async () => {
  const world = await createWorld(server);
  await create(world, "there");
  const ref = { name: "there", namespace: world.namespace };
  world.proxy.answer(anything, { status: 200, hang: true });
  const error = await failure(world.client.get(configMaps, ref, { timeoutMs: 200, maxTries: 1 }));
  expect(error).toMatchObject({ reason: "Timeout", isTransient: true });
  expect(error.message).toContain(`get configmaps ${world.namespace}/there`);
});

test("stopping the client breaks off what runs, and refuses what comes after", async () => {
  const world = await createWorld(server);
  world.proxy.answer(anything, { status: 200, hang: true });
  const running = failure(world.client.list(configMaps, { namespace: world.namespace }));
  await until("the call is on its way", () => world.proxy.requests.length === 1);
  await world.client.stop();
  expect(await running).toMatchObject({ reason: "Stopped", isTransient: false });
  expect(await failure(world.client.list(configMaps))).toMatchObject({ reason: "Stopped" });
});

test("a caller's signal ends a call with the caller's reason", async () => {
  const world = await createWorld(server);
  world.proxy.answer(anything, { status: 200, hang: true });
  const aborter = new AbortController();
  const running = failure(world.client.list(configMaps, { signal: aborter.signal }));
  await until("the call is on its way", () => world.proxy.requests.length === 1);
  aborter.abort(new Error("changed my mind"));
  expect((await running).message).toBe("changed my mind");
});

test("warnings of the server are logged once each, and come with the reply", async () => {
  const world = await createWorld(server);
  const warnings: object[] = [];
  const nothing = (): void => {};
  const log = { debug: nothing, info: nothing, error: nothing, warn: (details: object) => void warnings.push(details) };
  const cluster = loadCluster({ kubeconfigText: kubeconfigFor(world.proxy.url, server.adminToken) });
  const client = createClient(cluster, { log });
  onTestFinished(() => client.stop());
  const headers = { warning: '299 - "v1beta1 is deprecated"', "audit-id": "audit-1" };
  world.proxy.answer(anything, { status: 200, headers, body: { metadata: { resourceVersion: "7" } } }, 2);
  const call = { verb: "list", method: "GET", resource: configMaps, target: {} } as const;
  const reply = await client.send(call);
  await client.send(call);
  expect(reply).toMatchObject({
    status: 200,
    resourceVersion: "7",
    warnings: ["v1beta1 is deprecated"],
    auditId: "audit-1",
  });
  expect(warnings).toEqual([{ warning: "v1beta1 is deprecated" }]);
});

test("metadata alone is asked for and delivered", async () => {
  const world = await createWorld(server);
  await create(world, "there", "long text");
  const { namespace } = world;
  const { items } = await world.client.list(configMaps, { namespace, metadataOnly: true });
  const there = items.find(({ metadata }) => metadata.name === "there");
  expect(there).toBeDefined();
  expect(there).not.toHaveProperty("data");
  expect(world.proxy.requests.map(({ path }: SeenRequest) => path)).toEqual([
    `/api/v1/namespaces/${namespace}/configmaps`,
  ]);
});
