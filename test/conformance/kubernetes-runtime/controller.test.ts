import {
  type ConfigMap,
  type Controller,
  type ControllerOptions,
  configMaps,
  createController,
  generationChanged,
  KubeError,
  labelsChanged,
  mapped,
  nameIs,
  objects,
  owned,
  type Request,
  TerminalError,
} from "@application-connector/kube";
import { createManualClock, type ManualClock } from "@application-connector/kube/testing";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { change, configMap, create, createWorld, remove, until } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

const startController = async (options: Partial<ControllerOptions>): Promise<Controller> => {
  const controller = createController({ name: "test", sources: [], reconcile: async () => {}, ...options });
  onTestFinished(async () => {
    const stopped = controller.stop(0);
    await (options.clock as ManualClock | undefined)?.advance(10_000);
    await stopped;
  });
  await controller.start();
  return controller;
};

/** A controller that writes down what it looked at. */
async function follow(options: Partial<ControllerOptions>) {
  const seen: string[] = [];
  await startController({
    ...options,
    async reconcile({ name }) {
      if (name !== "kube-root-ca.crt") seen.push(name);
    },
  });
  const looked = (name: string) => until(`${name} was looked at`, () => seen.includes(name));
  return { seen, looked };
}

test("every object is looked at once, then again whenever something happens to it, until it is gone", async () => {
  const world = await createWorld(server);
  const { namespace } = world;
  for (const name of ["a", "b"]) await create(world, name);
  const informer = world.informers.informer(configMaps, { namespace });
  const seen: string[] = [];
  const text = (name: string): string => informer.get(name, namespace)?.data?.["text"] ?? "gone";
  await startController({
    sources: [objects(informer)],
    async reconcile({ name }) {
      if (name !== "kube-root-ca.crt") seen.push(`${name} ${text(name)}`);
    },
  });
  await until("both were looked at", () => seen.length === 2);
  await change(world, "a", "2");
  await until("the change was looked at", () => seen.includes("a 2"));
  await remove(world, "a");
  await until("the deletion was looked at", () => seen.includes("a gone"));
  expect(seen).toEqual(["a ", "b ", "a 2", "a gone"]);
});

test("a predicate leaves out what is not worth a look", async () => {
  const world = await createWorld(server);
  const informer = world.informers.informer(configMaps, { namespace: world.namespace });
  const source = objects(informer, nameIs("a", "b", "end"), labelsChanged);
  const { seen, looked } = await follow({ sources: [source] });
  for (const name of ["a", "b", "c"]) await create(world, name);
  await change(world, "a", "2");
  await world.admin.replace(configMaps, {
    ...configMap(world, "b", "2"),
    metadata: { name: "b", namespace: world.namespace, labels: { app: "crm" } },
  });
  await create(world, "end");
  await looked("end");
  expect(seen).toEqual(["a", "b", "b", "end"]);
});

test("a generation that begins to go counts as changed", () => {
  const object = { metadata: { name: "a", generation: 1 } };
  const going = { metadata: { ...object.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };
  expect(generationChanged({ type: "update", old: object, now: object })).toBe(false);
  expect(generationChanged({ type: "update", old: object, now: going })).toBe(true);
  expect(generationChanged({ type: "delete", old: object, tombstone: false })).toBe(true);
});

test("an object of another kind stands for its controller, or for whatever a function names", async () => {
  const world = await createWorld(server);
  const { namespace, admin } = world;
  const informer = world.informers.informer(configMaps, { namespace, labelSelector: "part" });
  const sources = [
    owned(informer, configMaps),
    mapped(informer, ({ data }: ConfigMap): Request[] => (data?.["for"] ? [{ namespace, name: data["for"] }] : [])),
  ];
  const { seen, looked } = await follow({ sources });
  const owner = await create(world, "owner");
  const reference = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: owner.metadata.uid ?? "" };
  const part = (name: string, more: object, data = {}) =>
    admin.create(configMaps, {
      ...configMap(world, name),
      metadata: { name, namespace, labels: { part: "" }, ...more },
      data,
    });
  await part("nobodys", {});
  await part("not-controlled", { ownerReferences: [reference] });
  await part("other-kind", { ownerReferences: [{ ...reference, kind: "Other", controller: true }] });
  await part("part", { ownerReferences: [{ ...reference, controller: true }] });
  await looked("owner");
  const moving = await part("moving", {}, { for: "first" });
  await looked("first");
  await admin.replace(configMaps, { ...moving, data: { for: "second" } });
  await looked("second");
  expect(seen).toEqual(["owner", "first", "first", "second"]);
});

test("different objects are worked on at once, as many as there are workers", async () => {
  let atOnce = 0;
  let mostAtOnce = 0;
  let done = 0;
  const controller = await startController({
    workers: 3,
    async reconcile() {
      mostAtOnce = Math.max(mostAtOnce, ++atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce--;
      done++;
    },
  });
  for (let index = 0; index < 30; index++) controller.enqueue({ name: `object-${index}` });
  await until("all are done", () => done === 30);
  expect(mostAtOnce).toBe(3);
});

test.each([
  { what: "throws", reconcile: () => Promise.reject(new Error("broken")), result: "error", isRetried: true },
  {
    what: "throws what is no error at all",
    reconcile: () => {
      throw undefined;
    },
    result: "error",
    isRetried: true,
  },
  {
    what: "knows that trying again is of no use",
    reconcile: () => Promise.reject(new TerminalError("never")),
    result: "terminal",
    isRetried: false,
  },
  {
    what: "takes longer than it may",
    reconcile: (_: Request, signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    result: "timeout",
    isRetried: true,
  },
])("a reconcile that $what disturbs nobody else", async ({ reconcile, result, isRetried }) => {
  const clock = createManualClock();
  const metrics = new Registry();
  const seen: string[] = [];
  const controller = await startController({
    clock,
    metrics,
    random: () => 0,
    resyncMs: 0,
    reconcile(request, signal) {
      seen.push(request.name);
      return request.name === "bad" ? reconcile(request, signal) : Promise.resolve();
    },
  });
  controller.enqueue({ name: "bad" });
  await until("it was looked at", () => seen.length === 1);
  if (result === "timeout") await clock.advance(120_000);
  const text = () => metrics.getSingleMetricAsString("controller_reconciles_total");
  await expect.poll(text).toContain(`result="${result}"} 1`);
  controller.enqueue({ name: "good" });
  await until("the next one was looked at", () => seen.includes("good"));
  await clock.advance(10);
  expect(seen.filter((name) => name === "bad")).toHaveLength(isRetried ? 2 : 1);
});

test("a server that asks for patience gets it", async () => {
  const clock = createManualClock();
  let runs = 0;
  const busy = new KubeError("busy", { status: 429, reason: "TooManyRequests", retryAfterMs: 7_000 });
  const controller = await startController({
    clock,
    resyncMs: 0,
    reconcile: () => (runs++ === 0 ? Promise.reject(busy) : Promise.resolve()),
  });
  controller.enqueue({ name: "a" });
  await until("it was refused", () => runs === 1 && clock.pending === 1);
  await clock.advance(6_999);
  expect(runs).toBe(1);
  await clock.advance(1);
  expect(runs).toBe(2);
});

test("an object is looked at again when the reconcile asks for it", async () => {
  const clock = createManualClock();
  let runs = 0;
  const controller = await startController({
    clock,
    resyncMs: 0,
    reconcile: async () => (++runs < 3 ? { requeueAfterMs: 30_000 } : undefined),
  });
  controller.enqueue({ name: "a" });
  await until("it waits", () => clock.nextInMs === 30_000);
  await clock.advance(30_000);
  await clock.advance(30_000);
  expect([runs, clock.pending]).toEqual([3, 0]);
});

test("everything is looked at every ten minutes, without any hint", async () => {
  const world = await createWorld(server);
  for (const name of ["a", "b"]) await create(world, name);
  const clock = createManualClock();
  const informer = world.informers.informer(configMaps, { namespace: world.namespace });
  const { seen } = await follow({ clock, random: () => 0.5, sources: [objects(informer)] });
  await until("all were looked at", () => seen.length === 2);
  await clock.advance(600_000);
  await until("all were looked at again", () => seen.length === 4);
  expect(seen).toEqual(["a", "b", "a", "b"]);
});

test("a controller that stops lets what runs end, then ends it, and looks at nothing more", async () => {
  const clock = createManualClock();
  const seen: string[] = [];
  let reason: unknown;
  const controller = await startController({
    clock,
    reconcile: ({ name }, signal) =>
      new Promise((resolve) => {
        seen.push(name);
        signal.addEventListener("abort", () => {
          reason = signal.reason;
          resolve();
        });
      }),
  });
  for (const name of ["a", "b"]) controller.enqueue({ name });
  await until("the first is being looked at", () => seen.length === 1);
  const stopped = controller.stop(5_000);
  await clock.advance(4_999);
  expect(reason).toBeUndefined();
  await clock.advance(1);
  await stopped;
  expect(reason).toMatchObject({ message: "the controller test was stopped" });
  expect([seen, clock.pending]).toEqual([["a"], 0]);
});

test("a reconcile that ends for nothing in the world is left behind", async () => {
  const clock = createManualClock();
  const controller = await startController({ clock, reconcile: () => new Promise(() => {}) });
  controller.enqueue({ name: "a" });
  await until("it runs", () => clock.pending === 2);
  await clock.advance(1_000);
  expect(controller.longestRunningMs).toBe(1_000);
  const stopped = controller.stop(5_000);
  await clock.advance(7_000);
  await stopped;
});

test("whoever loses the right to write stops in the middle of it", async () => {
  const fence = new AbortController();
  const seen: string[] = [];
  let reason: unknown;
  const controller = createController({
    name: "test",
    sources: [],
    reconcile: ({ name }, signal) =>
      new Promise((_, reject) => {
        seen.push(name);
        signal.addEventListener("abort", () => {
          reason = signal.reason;
          reject(signal.reason);
        });
      }),
  });
  onTestFinished(() => controller.stop());
  await controller.start(fence.signal);
  for (const name of ["a", "b"]) controller.enqueue({ name });
  await until("the first is being looked at", () => seen.length === 1);
  fence.abort(new Error("lost"));
  await controller.stop();
  expect(reason).toMatchObject({ message: "lost" });
  expect(seen).toEqual(["a"]);
});
