import { configMaps } from "@application-connector/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import {
  change,
  create,
  createWorld,
  expired,
  metric,
  passPause,
  record,
  remove,
  until,
  type World,
  type WorldOptions,
} from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

/** An informer that watches, on a clock that stands still. */
async function watching(options: WorldOptions = {}) {
  const world = await createWorld(server, { time: "manual", ...options });
  await create(world, "steady", "0");
  const informer = world.informers.informer(configMaps, { namespace: world.namespace, listing: "cache" });
  const lines = record(informer);
  await until("the watch is open", () => informer.state === "Watching" && world.proxy.streams.length === 1);
  const watches = () => world.proxy.watches("configmaps");
  const lists = () => world.proxy.lists("configmaps");
  const watchesAgain = async (): Promise<void> => {
    await until("it watches again", () => informer.state === "Watching" && world.proxy.streams.length === 1);
  };
  return { world, informer, lines, watches, lists, watchesAgain };
}

const stream = ({ proxy }: World) => {
  const [open] = proxy.streams;
  if (!open) throw new Error("no watch is open");
  return open;
};

const queryOf = (requests: { query: URLSearchParams }[]) => requests.at(-1)?.query;

test("KR-5 a watch the server ends every two seconds goes on within 300 ms from where it was", async () => {
  const { world, informer, lines, watches, lists, watchesAgain } = await watching({ random: () => 1 });
  for (let round = 1; round <= 10; round++) {
    await change(world, "steady", String(round));
    await until("the change arrived", () => informer.get("steady", world.namespace)?.data?.["text"] === String(round));
    await world.clock.advance(2_000);
    stream(world).close();
    expect(await passPause(world.clock)).toBeLessThanOrEqual(300);
    await watchesAgain();
    const version = informer.get("steady", world.namespace)?.metadata.resourceVersion;
    expect(queryOf(watches())?.get("resourceVersion")).toBe(version);
  }
  expect(lists()).toHaveLength(1);
  expect(watches()).toHaveLength(11);
  expect(lines).toHaveLength(11);
  expect(new Set(lines).size).toBe(11);
});

test("KR-6 a reset, three times 503 and a 429 later no event is lost, and Retry-After was honoured", async () => {
  const { world, informer, lines, watchesAgain } = await watching();
  const isWatch = (request: { isWatch: boolean }) => request.isWatch;
  world.proxy.answer(isWatch, { status: 503 }, 3);
  world.proxy.answer(isWatch, { status: 429, headers: { "retry-after": "2" } });
  stream(world).reset();
  await create(world, "meanwhile");
  const pauses: number[] = [];
  for (let tries = 0; tries < 5; tries++) {
    pauses.push(await passPause(world.clock));
    expect(informer.state).toBe("Backoff");
  }
  await watchesAgain();
  expect(pauses[4]).toBeGreaterThanOrEqual(2_000);
  await until("what happened meanwhile arrived", () => lines.includes("add meanwhile"));
  expect(lines).toEqual(["add steady", "add meanwhile"]);
  expect(world.proxy.lists("configmaps")).toHaveLength(1);
});

test.each(["as the answer to the watch", "as an event"])(
  "KR-7 an expired version told %s leads to one relist and to each change once",
  async (how) => {
    const { world, lines, lists, watchesAgain } = await watching();
    await create(world, "doomed");
    await until("the second object arrived", () => lines.length === 2);
    await world.clock.advance(60_000);
    lines.length = 0;

    if (how === "as an event") {
      // Nothing of what happens now passes on this watch any more.
      stream(world).freeze();
    } else {
      world.proxy.answer(({ isWatch }) => isWatch, expired);
      stream(world).close();
      await until("the client pauses", () => (world.clock.nextInMs ?? 0) < 300);
    }
    await remove(world, "doomed");
    await change(world, "steady", "1");
    await create(world, "fresh");
    if (how === "as an event") stream(world).write(`${JSON.stringify({ type: "ERROR", object: expired.body })}\n`);
    else await passPause(world.clock);
    await passPause(world.clock);
    await until("the relist is done", () => lines.length >= 3);
    await watchesAgain();
    expect([...lines].sort()).toEqual(["add fresh", "delete doomed (tombstone)", "update steady 0→1"]);
    expect(lists()).toHaveLength(2);
    expect(queryOf(lists())?.get("resourceVersion")).toBeNull();
    expect(await metric(world, "k8s_informer_relists_total", { kind: "ConfigMap", cause: "gone" })).toBe(1);
    expect(await metric(world, "k8s_informer_relist_missed_total")).toBe(3);
  },
);

test("KR-8 a connection that fell silent is given up within 90 s and the missed change arrives", async () => {
  const { world, informer, lines, watchesAgain } = await watching();
  const started = world.clock.now();
  stream(world).freeze();
  await create(world, "unheard");
  await world.clock.advance(60_000);
  expect(informer.state).toBe("Watching");
  expect(informer.stalenessMs).toBeGreaterThanOrEqual(60_000);
  await world.clock.advance(30_000);
  await until("silence is noticed", () => informer.state === "Backoff");
  expect(world.clock.now() - started).toBeLessThanOrEqual(90_000);
  expect(informer.detail).toContain("nothing arrived");
  await passPause(world.clock);
  await watchesAgain();
  await until("the missed change arrived", () => lines.includes("add unheard"));
  expect(lines).toEqual(["add steady", "add unheard"]);
});

test("a kind in which nothing happens is asked about after silence without reading any object", async () => {
  const world = await createWorld(server, { time: "manual" });
  await create(world, "steady");
  const informer = world.informers.informer(configMaps, { namespace: world.namespace });
  await until("the watch is open", () => informer.state === "Watching" && world.proxy.streams.length === 1);
  const before = world.proxy.requests.length;
  stream(world).freeze();
  await world.clock.advance(90_000);
  await passPause(world.clock);
  await until("it watches again", () => informer.state === "Watching" && world.proxy.requests.length === before + 2);
  const [question, watch] = world.proxy.requests.slice(before);
  expect([question?.isWatch, watch?.isWatch]).toEqual([true, true]);
  expect(question?.query.get("resourceVersionMatch")).toBe("NotOlderThan");
  expect(question?.query.get("labelSelector")).toMatch(/^(.+),!\1$/);
  expect(watch?.query.get("resourceVersion")).toBe(question?.query.get("resourceVersion"));
  expect(world.proxy.lists("configmaps")).toHaveLength(0);
});

test("KR-9 ten minutes of nothing but bookmarks keep the watch, and let it go on behind a compaction", async () => {
  const { world, informer, lines, watches, lists, watchesAgain } = await watching();
  let version = "";
  for (let minute = 1; minute <= 10; minute++) {
    // The cluster goes on elsewhere, so that the version of the bookmark is one no event carried.
    const elsewhere = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `kr-9-${minute}-${world.namespace}`, namespace: "default" },
    };
    version = (await world.admin.create(configMaps, elsewhere)).metadata.resourceVersion ?? "";
    await world.admin.delete(configMaps, { name: elsewhere.metadata.name, namespace: "default" });
    const bookmark = {
      type: "BOOKMARK",
      object: { apiVersion: "v1", kind: "ConfigMap", metadata: { resourceVersion: version } },
    };
    await world.clock.advance(60_000);
    stream(world).write(`${JSON.stringify(bookmark)}\n`);
    await until("the bookmark was read", () => informer.stalenessMs < 60_000);
  }
  expect(watches()).toHaveLength(1);
  // Compacted: every older version is answered with 410.
  world.proxy.answer(({ isWatch, query }) => isWatch && query.get("resourceVersion") !== version, expired, 100);
  stream(world).reset();
  await passPause(world.clock);
  await watchesAgain();
  await create(world, "after");
  await until("changes flow", () => lines.includes("add after"));
  expect(lists()).toHaveLength(1);
});

test.each([
  {
    what: "an ERROR event with code 500",
    bytes: '{"type":"ERROR","object":{"kind":"Status","code":500,"message":"etcd is ill"}}\n',
    counted: 0,
  },
  { what: "half a line of JSON", bytes: '{"type":"ADDED","object":{"metad\n', counted: 1 },
])("KR-12 $what restarts the watch", async ({ bytes, counted }) => {
  const { world, informer, lines, lists, watchesAgain } = await watching();
  stream(world).write(bytes);
  await until("the informer backs off", () => informer.state === "Backoff");
  expect(await metric(world, "k8s_watch_undecodable_lines_total", { kind: "ConfigMap" })).toBe(counted);
  expect(await metric(world, "k8s_watch_restarts_total", { kind: "ConfigMap" })).toBe(1);
  await create(world, "after");
  await passPause(world.clock);
  await watchesAgain();
  await until("nothing was lost", () => lines.includes("add after"));
  expect(lines).toEqual(["add steady", "add after"]);
  expect(lists()).toHaveLength(1);
});

test("KR-12 a line that holds a raw U+2028 is one line", async () => {
  const { world, informer, watches } = await watching();
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "odd", namespace: world.namespace, resourceVersion: "odd-1" },
    data: { text: "one\u2028two\u2029three" },
  };
  stream(world).write(`${JSON.stringify({ type: "ADDED", object })}\n`);
  await until("the object arrived", () => informer.get("odd", world.namespace));
  expect(informer.get("odd", world.namespace)?.data?.["text"]).toBe("one\u2028two\u2029three");
  expect(watches()).toHaveLength(1);
});

test("a list whose continue token expired starts over and delivers everything once", async () => {
  const world = await createWorld(server);
  for (const name of ["a", "b", "c", "d", "e"]) await create(world, name);
  world.proxy.answer(({ query }) => query.has("continue"), expired);
  const { namespace } = world;
  const informer = world.informers.informer(configMaps, { namespace, listing: "pages", pageSize: 2 });
  const lines = record(informer);
  await informer.waitForSync();
  expect(lines).toEqual(["add a", "add b", "add c", "add d", "add e"]);
});

test("a server that refuses streaming lists is asked for pages, and not for a streaming list again", async () => {
  const { world, lists } = await (async () => {
    const world = await createWorld(server, { time: "manual" });
    const refused = {
      status: 422,
      body: { kind: "Status", code: 422, message: "sendInitialEvents is forbidden", reason: "Invalid" },
    };
    world.proxy.answer(({ query }) => query.has("sendInitialEvents"), refused, 100);
    return { world, lists: () => world.proxy.lists("configmaps") };
  })();
  const informer = world.informers.informer(configMaps, { namespace: world.namespace });
  await until("the watch is open", () => informer.state === "Watching");
  await world.clock.advance(60_000);
  world.proxy.answer(({ isWatch }) => isWatch, expired);
  stream(world).close();
  await passPause(world.clock);
  await passPause(world.clock);
  await until("it listed again", () => lists().length === 2);
  expect(world.proxy.requests.filter(({ query }) => query.has("sendInitialEvents"))).toHaveLength(1);
});
