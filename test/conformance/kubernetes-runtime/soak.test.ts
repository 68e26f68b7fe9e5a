import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type ConfigMap, configMaps, type Informer, namespaces } from "@application-connector/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FaultyProxy } from "./faulty-proxy.ts";
import { type ApiServer, startDistantApiServer } from "./servers.ts";
import { configMap, createWorld, expired, metric, until, type World } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startDistantApiServer();
});
afterAll(() => server?.stop());

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const objects = 5_000;
const hours = Number(process.env["SOAK_HOURS"] ?? 24);
const seed = Number(process.env["SOAK_SEED"] ?? 20_251_121);
const stepMs = 75_000;
const hopMs = 25_000;

test(`KR-25 ${hours} hours of random faults with 5 000 objects: nothing is lost and nothing grows`, async () => {
  console.log(`SOAK_SEED=${seed} SOAK_HOURS=${hours}`);
  const random = seeded(seed);
  const world = await createWorld(server, { time: "manual", random });
  const { namespace, informers, clock, proxy } = world;
  const expected = await createObjects(world);
  const gone: string[] = [];
  const watched = [
    informers.informer(configMaps, { namespace }),
    informers.informer(configMaps, { namespace, metadataOnly: true, listing: "pages" }),
    informers.informer(namespaces),
  ];
  const [full] = watched as [Informer<ConfigMap>];
  const seen = countChanges(full);
  await until("all are synced", () => watched.every((informer) => informer.hasSynced), 60_000);

  const steps = Math.ceil((hours * 3_600_000) / stepMs);
  let heapBefore = 0;
  let mostSockets = 0;
  for (let step = 0; step < steps; step++) {
    if (step === Math.floor(steps / 4)) heapBefore = heapUsed();
    await mutate(world, expected, gone, random);
    if (random() < 0.2) injectFault(proxy, random);
    for (let hop = 0; hop < stepMs / hopMs; hop++) {
      await quiet(proxy);
      await clock.advance(hopMs);
    }
    mostSockets = Math.max(mostSockets, proxy.open);
    proxy.forget();
  }
  const heapAfter = heapUsed();

  await settle(world, watched);
  await until("the cache equals what was written", () => equals(full, expected), 20_000).catch(() => {
    expect(contentOf(full)).toEqual(Object.fromEntries(expected));
  });
  expect(seen.size).toBe(expected.size);
  expect(full.list().every(Object.isFrozen)).toBe(true);
  expect(await metric(world, "k8s_watch_restarts_total")).toBeGreaterThan(steps / 10);
  expect(mostSockets).toBeLessThanOrEqual(watched.length + 4);
  expect(heapAfter / heapBefore).toBeLessThan(1.05);
  await informers.stop();
  await world.client.stop();
  expect(clock.pending).toBe(0);
  await until("every connection is closed", () => proxy.open === 0);
}, 240_000);

/** One change to one object; about as many come back as go. */
async function mutate(
  world: World,
  expected: Map<string, string>,
  gone: string[],
  random: () => number,
): Promise<void> {
  const value = random().toString(36);
  const name = `object-${Math.floor(random() * objects)}`;
  if (random() < 0.2 && gone.length > 50) {
    const back = gone.splice(Math.floor(random() * gone.length), 1)[0] as string;
    await world.admin.create(configMaps, configMap(world, back, value));
    expected.set(back, value);
  } else if (!expected.has(name)) {
    return;
  } else if (random() < 0.2) {
    await world.admin.delete(configMaps, { name, namespace: world.namespace });
    expected.delete(name);
    gone.push(name);
  } else {
    await world.admin.replace(configMaps, configMap(world, name, value));
    expected.set(name, value);
  }
}

function injectFault(proxy: FaultyProxy, random: () => number): void {
  const open = proxy.streams;
  const stream = open[Math.floor(random() * open.length)];
  const faults = [
    () => stream?.close(),
    () => stream?.reset(),
    () => stream?.freeze(),
    () => stream?.write('{"type":"ADDED","obj\n'),
    () => stream?.write('{"type":"ERROR","object":{"kind":"Status","code":500}}\n'),
    () => stream?.write("{}\n"),
    () => fail({ status: 503 }, 3),
    () => fail({ status: 429, headers: { "retry-after": "2" } }, 1),
    () => fail({ status: 401 }, 1),
    () => fail({ status: 403 }, 2),
    () => fail({ status: 500, body: "nonsense" }, 1),
  ];
  const fail = (answer: { status: number; headers?: Record<string, string>; body?: unknown }, times: number): void => {
    proxy.answer(() => true, answer, times);
    stream?.reset();
  };
  // Rarer than the others, because every relist reads all objects.
  if (random() < 0.05) fail(expired, 1);
  else faults[Math.floor(random() * faults.length)]?.();
}

/**
 * A server shows about once a minute that it is there, and answers well before a deadline: time stands still until what
 * is on its way has arrived.
 */
async function quiet(proxy: FaultyProxy): Promise<void> {
  for (const stream of proxy.streams) stream.ping();
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  await until("nothing is on its way", () => proxy.busy === 0);
}

async function settle(world: World, informers: readonly { state: string }[]): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!informers.every(({ state }) => state === "Watching") || world.proxy.streams.length < informers.length) {
    if (performance.now() > deadline) throw new Error(`informers stay ${informers.map(({ state }) => state)}`);
    await world.clock.advance(5_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function createObjects(world: World): Promise<Map<string, string>> {
  const expected = new Map<string, string>();
  const names = Array.from({ length: objects }, (_, index) => `object-${index}`);
  const workers = Array.from({ length: 16 }, async () => {
    for (let name = names.pop(); name; name = names.pop()) {
      await world.admin.create(configMaps, configMap(world, name, "0"));
      expected.set(name, "0");
    }
  });
  await Promise.all(workers);
  return expected;
}

/** The names a handler would know of, from nothing but what it was told. */
function countChanges(informer: Informer<ConfigMap>): Set<string> {
  const names = new Set<string>();
  const isOurs = (name: string): boolean => name.startsWith("object-");
  informer.subscribe({
    add({ metadata: { name } }) {
      if (!isOurs(name)) return;
      if (names.has(name)) throw new Error(`${name} was added twice`);
      names.add(name);
    },
    delete: ({ metadata }) => void names.delete(metadata.name),
  });
  return names;
}

const contentOf = (informer: Informer<ConfigMap>): Record<string, string> =>
  Object.fromEntries(
    informer
      .list()
      .filter(({ metadata }) => metadata.name.startsWith("object-"))
      .map(({ metadata, data }) => [metadata.name, data?.["text"] ?? ""]),
  );

function equals(informer: Informer<ConfigMap>, expected: Map<string, string>): boolean {
  const content = contentOf(informer);
  const names = Object.keys(content);
  return names.length === expected.size && names.every((name) => content[name] === expected.get(name));
}

function heapUsed(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Mulberry32: small, and the same everywhere. */
function seeded(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
