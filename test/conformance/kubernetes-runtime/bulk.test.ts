import {
  applyAll,
  type ConfigMap,
  configMaps,
  createApplier,
  createClient,
  loadCluster,
} from "@application-connector/kube";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiServer, startDistantApiServer } from "./servers.ts";
import { createWorld, until } from "./world.ts";

const count = Number(process.env["BULK_OBJECTS"] ?? 500);

let server: ApiServer;
beforeAll(async () => {
  server = await startDistantApiServer();
});
afterAll(() => server?.stop());

const MiB = 1024 * 1024;

test(`${count} objects are applied once, cost nothing when they are applied again, and one change costs one write`, async () => {
  const world = await createWorld(server);
  const { namespace } = world;
  const metrics = new Registry();
  const unlimited = { queriesPerSecond: 100_000, burst: 100_000 };
  const client = createClient(loadCluster({ kubeconfigText: server.kubeconfig() }), { ...unlimited, metrics });
  onTestFinished(() => client.stop());
  const informer = world.informers.informer(configMaps, { namespace, keepManagedFieldsOf: "bulk" });
  await informer.waitForSync();

  function* desired(changed = -1): Generator<ConfigMap> {
    for (let index = 0; index < count; index++) {
      const text = `${index === changed ? "changed" : "text"} ${"x".repeat(1_000)}`;
      yield { apiVersion: "v1", kind: "ConfigMap", metadata: { name: `object-${index}`, namespace }, data: { text } };
    }
  }
  const round = async (changed?: number) => {
    metrics.resetMetrics();
    const startedAt = performance.now();
    const before = process.memoryUsage().rss;
    const result = await applyAll(createApplier(client, { fieldManager: "bulk" }), configMaps, desired(changed), {
      live: ({ metadata }) => informer.get(metadata.name, namespace),
      force: true,
    });
    const calls = (await metrics.getSingleMetric("k8s_client_requests_total")?.get())?.values ?? [];
    const callsOf = (isWrite: boolean) =>
      calls.filter(({ labels }) => (labels["verb"] === "apply") === isWrite).reduce((sum, { value }) => sum + value, 0);
    const [writes, reads] = [callsOf(true), callsOf(false)];
    const ms = Math.round(performance.now() - startedAt);
    const grownMiB = Math.round((process.memoryUsage().rss - before) / MiB);
    console.log(`${count} objects: ${JSON.stringify({ ...result, writes, reads, ms, grownMiB })}`);
    return { ...result, writes, reads };
  };

  expect(await round()).toMatchObject({ written: count, failed: 0, writes: count, reads: 0 });
  await until("the cache has all", () => informer.list().length >= count, 60_000);
  // Another applier, which remembers nothing: as after a restart.
  expect(await round()).toMatchObject({ written: 0, unchanged: count, writes: 0, reads: 0 });
  expect(await round(7)).toMatchObject({ written: 1, unchanged: count - 1, writes: 1, reads: 0 });
}, 300_000);

test("an object that cannot be applied stops no other, and the end of the signal stops all", async () => {
  const world = await createWorld(server);
  const { namespace, client } = world;
  const applier = createApplier(client, { fieldManager: "bulk" });
  const names = ["a", "NOT VALID", "b"];
  const objects = names.map((name) => ({ metadata: { name, namespace } }) as ConfigMap);
  const failed: string[] = [];
  const result = await applyAll(applier, configMaps, objects, {
    onFailed: ({ metadata }) => failed.push(metadata.name),
  });
  expect(result).toMatchObject({ written: 2, unchanged: 0, failed: 1, failures: [{ error: { status: 422 } }] });
  expect(failed).toEqual(["NOT VALID"]);

  const abort = new AbortController();
  const endless = function* (): Generator<ConfigMap> {
    for (let index = 0; ; index++) {
      if (index === 20) abort.abort(new Error("enough"));
      yield { metadata: { name: `endless-${index}`, namespace } };
    }
  };
  await expect(applyAll(applier, configMaps, endless(), { signal: abort.signal })).rejects.toThrow("enough");
});
