import { expect, onTestFinished, test } from "vitest";
import { configMap, configMaps, testServers, type Wire } from "../test-client.ts";

const startServer = testServers(onTestFinished);

const names = (events: { type: string; object: Wire }[]) =>
  events.map(({ type, object }) => `${type} ${object.metadata.name}`);

test("a watch without a revision starts with what is there", async () => {
  const { api, watch } = await startServer();
  api.create(configMap("a"));
  const stream = await watch(`${configMaps}?watch=true`);
  expect(names([await stream.next()])).toEqual(["ADDED a"]);
});

test("a watch resumes after a revision and misses nothing", async () => {
  const { api, send, watch } = await startServer();
  api.create(configMap("a"));
  const { body } = await send(configMaps);
  api.create(configMap("b"));
  api.delete({ apiVersion: "v1", kind: "ConfigMap", name: "a" });
  const stream = await watch(`${configMaps}?watch=true&resourceVersion=${body.metadata.resourceVersion}`);
  expect(names([await stream.next(), await stream.next()])).toEqual(["ADDED b", "DELETED a"]);
});

test("an object that leaves the selection is deleted for the watch, one that enters it is added", async () => {
  const { api, watch } = await startServer();
  const reference = { apiVersion: "v1", kind: "ConfigMap", name: "a" };
  api.create(configMap("a"));
  const stream = await watch(`${configMaps}?watch=true&labelSelector=on`);
  api.patchObject(reference, { metadata: { labels: { on: "1" } } });
  api.patchObject(reference, { data: { x: "1" } });
  api.patchObject(reference, { metadata: { labels: null } });
  const events = [await stream.next(), await stream.next(), await stream.next()];
  expect(names(events)).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
  expect(events[2]?.object.metadata.labels).toEqual({ on: "1" });
});

test("a revision that was compacted away is answered with an ERROR event 410", async () => {
  const { api, send, watch } = await startServer();
  const { body } = await send(configMaps);
  api.create(configMap("a"));
  api.compact();
  const stream = await watch(`${configMaps}?watch=true&resourceVersion=${body.metadata.resourceVersion}`);
  const { type, object } = await stream.next();
  expect([type, object.code, object.reason]).toEqual(["ERROR", 410, "Expired"]);
  expect(await stream.ended).toBe("clean");
});

test("a server that took another one's place tells watches of that one that they have missed something", async () => {
  const { api, watch } = await startServer({ firstRevision: 5_000 });
  expect(Number(api.resourceVersion)).toBeGreaterThan(5_000);
  const stream = await watch(`${configMaps}?watch=true&resourceVersion=4000`);
  expect((await stream.next()).object).toMatchObject({ code: 410, reason: "Expired" });
});

test("bookmarks carry the revision of everything, and only whoever asked gets them", async () => {
  const { api, watch } = await startServer({ bookmarkIntervalMs: 50 });
  const stream = await watch(`${configMaps}?watch=true&allowWatchBookmarks=true`);
  const plain = await watch(`${configMaps}?watch=true`);
  const { type, object } = await stream.next();
  expect([type, object.metadata.resourceVersion]).toEqual(["BOOKMARK", api.resourceVersion]);
  api.create(configMap("a"));
  expect((await plain.next()).type).toBe("ADDED");
});

test("a bookmark's revision survives compaction", async () => {
  const { api, watch } = await startServer();
  const stream = await watch(`${configMaps}?watch=true&allowWatchBookmarks=true`);
  api.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "elsewhere" } });
  api.faults.bookmarks();
  const { object } = await stream.next();
  api.compact();
  api.closeWatches("reset");
  expect(await stream.ended).toBe("broken");
  const again = await watch(`${configMaps}?watch=true&resourceVersion=${object.metadata.resourceVersion}`);
  api.create(configMap("a"));
  expect((await again.next()).type).toBe("ADDED");
});

test("a streaming list ends with its bookmark", async () => {
  const { api, watch } = await startServer();
  api.create(configMap("a"));
  const query = "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  const stream = await watch(`${configMaps}?${query}`);
  expect((await stream.next()).type).toBe("ADDED");
  const { type, object } = await stream.next();
  expect([type, object.metadata.annotations]).toEqual(["BOOKMARK", { "k8s.io/initial-events-end": "true" }]);
});

test("a watch ends when its time is over, with a bookmark last", async () => {
  const { watch } = await startServer();
  const stream = await watch(`${configMaps}?watch=true&timeoutSeconds=1&allowWatchBookmarks=true`);
  expect((await stream.next()).type).toBe("BOOKMARK");
  expect(await stream.ended).toBe("clean");
});

test("another form of the objects is streamed as well", async () => {
  const { api, watch } = await startServer();
  const accept = "application/json;as=Table;g=meta.k8s.io;v=v1";
  const stream = await watch(`${configMaps}?watch=true`, { accept });
  api.create(configMap("a", { x: "1" }));
  api.create(configMap("b"));
  const [first, second] = [await stream.next(), await stream.next()];
  expect(first.object.columnDefinitions.map(({ name }: Wire) => name)).toEqual(["Name", "Data", "Age"]);
  expect(first.object.rows[0].cells.slice(0, 2)).toEqual(["a", 1]);
  expect(second.object.columnDefinitions).toEqual([]);
});
