import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import type { KubeApi } from "../kube-api.ts";
import { configMap, configMaps, testServers, type Wire } from "../test-client.ts";

const startServer = testServers(onTestFinished);
const streamingList =
  "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=0";
const halfMegabyte = { a: "x".repeat(500_000) };
/** More than waits for one client, and more than the buffers of both systems hold on top of that. */
const fillMany = (api: KubeApi, prefix: string): void => {
  for (let index = 0; index < 60; index += 1) api.create(configMap(`${prefix}-${index + 100}`, halfMegabyte));
};

/** A watch that was answered, of which nothing is read yet. */
async function openUnread(api: KubeApi, query: string): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { authorization: `Bearer ${api.adminToken}` };
    request(`${api.url}${configMaps}?${query}`, { ca: api.ca, headers }, resolve).once("error", reject).end();
  });
  onTestFinished(() => void response.destroy());
  return response;
}

/** What comes, one word and a name each, up to the event that was asked for or the end. */
async function readUntil(response: IncomingMessage, last?: string): Promise<string[]> {
  const seen: string[] = [];
  for await (const line of createInterface({ input: response })) {
    const { type, object }: Wire = JSON.parse(line);
    const isEnd = object.metadata?.annotations?.["k8s.io/initial-events-end"] === "true";
    seen.push(type === "BOOKMARK" ? `BOOKMARK${isEnd ? " end" : ""}` : `${type} ${object.metadata?.name}`);
    if (seen.at(-1) === last) break;
  }
  return seen;
}

test("a streaming list of any size waits for its reader, its mark follows, and then what happened meanwhile", async () => {
  const { api } = await startServer();
  fillMany(api, "big");
  const response = await openUnread(api, streamingList);
  api.create(configMap("late"));
  api.delete({ apiVersion: "v1", kind: "ConfigMap", name: "big-159" });
  const names = Array.from({ length: 60 }, (_, index) => `ADDED big-${index + 100}`);
  expect(await readUntil(response, "DELETED big-159")).toEqual([
    ...names,
    "BOOKMARK end",
    "ADDED late",
    "DELETED big-159",
  ]);
});

test("what a watch missed waits for its reader as well", async () => {
  const { api } = await startServer();
  const before = api.resourceVersion;
  fillMany(api, "big");
  const response = await openUnread(api, `watch=true&resourceVersion=${before}`);
  api.create(configMap("late"));
  const seen = await readUntil(response, "ADDED late");
  expect(seen).toHaveLength(61);
});

test.each([
  { what: "a plain watch", before: 0, query: "watch=true" },
  { what: "a streaming list", before: 60, query: streamingList },
])("a client that does not read $what is cut off when news pile up", async ({ before, query }) => {
  const { api, watch } = await startServer();
  if (before > 0) fillMany(api, "old");
  const stuck = await openUnread(api, query);
  const reader = await watch(`${configMaps}?watch=true&labelSelector=last`);
  fillMany(api, "new");
  api.create(configMap("last", {}, { labels: { last: "1" } }));
  expect((await reader.next()).object.metadata.name).toBe("last");
  const seen = await readUntil(stuck);
  expect(stuck.complete).toBe(true);
  expect(seen.length).toBeLessThan(50);
  expect(seen).not.toContain("BOOKMARK end");
});

test("a client that is told of its error is told behind what was on its way", async () => {
  const { api } = await startServer();
  fillMany(api, "big");
  const response = await openUnread(api, streamingList);
  api.faults.errorEvent();
  const seen = await readUntil(response, "ERROR undefined");
  expect([seen.length, seen.at(-2)]).toEqual([62, "BOOKMARK end"]);
});
