import { configMaps } from "@application-connector/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { create, createWorld, expired, passPause, record, until, type World } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

/** The first event of a list, and then an end that is no mark of one. */
const brokenList = {
  status: 200,
  body: {
    type: "ADDED",
    object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", resourceVersion: "1" } },
  },
};

const streamingLists = ({ proxy }: World) => proxy.requests.filter(({ query }) => query.has("sendInitialEvents"));

/** An informer whose streaming lists break so often before they get through. */
async function afterBreaks(times: number) {
  const world = await createWorld(server, { time: "manual" });
  await create(world, "a");
  world.proxy.answer(({ query }) => query.has("sendInitialEvents"), brokenList, times);
  const informer = world.informers.informer(configMaps, { namespace: world.namespace });
  const lines = record(informer);
  for (let round = 1; round <= times; round += 1) {
    await until("it broke", () => informer.state === "Backoff" && streamingLists(world).length === round);
    await passPause(world.clock);
  }
  await until("the watch is open", () => informer.state === "Watching" && world.proxy.streams.length === 1);
  return { world, informer, lines };
}

/** Ends the watch so that only a new list helps. */
async function relist({ proxy, clock }: World): Promise<void> {
  await clock.advance(60_000);
  proxy.answer(({ isWatch, query }) => isWatch && query.has("resourceVersion"), expired);
  proxy.streams[0]?.close();
  await passPause(clock);
  await passPause(clock);
}

test("a streaming list that broke once is tried again", async () => {
  const { world, lines } = await afterBreaks(1);
  expect(streamingLists(world)).toHaveLength(2);
  expect(world.proxy.lists("configmaps")).toHaveLength(0);
  expect(lines).toEqual(["add a"]);
});

test("after two streaming lists that broke the kind is listed in pages, from then on", async () => {
  const { world, informer, lines } = await afterBreaks(2);
  const lists = () => world.proxy.lists("configmaps");
  expect(lists()).toHaveLength(1);
  // The server may ignore a page size when it answers from its cache, which is what a version asks for.
  expect([lists()[0]?.query.get("limit"), lists()[0]?.query.get("resourceVersion")]).toEqual(["500", null]);
  expect(lines).toEqual(["add a"]);

  await relist(world);
  await create(world, "b");
  await until("it lists again and watches", () => lists().length === 2 && informer.list(world.namespace).length === 2);
  expect(streamingLists(world)).toHaveLength(2);
  expect(lines).toEqual(["add a", "add b"]);
});
