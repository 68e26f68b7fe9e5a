import { expect, onTestFinished, test } from "vitest";
import { configMap, configMaps, eventually, testServers, type Wire } from "./test-client.ts";

const startServer = testServers(onTestFinished);

test("a kubeconfig carries everything a client needs", async () => {
  const { api } = await startServer({ users: [{ token: "t", name: "somebody" }] });
  const config = JSON.parse(api.kubeconfig("t"));
  const [{ cluster }] = config.clusters;
  expect(cluster.server).toBe(api.url);
  expect(Buffer.from(cluster["certificate-authority-data"], "base64").toString()).toBe(api.ca);
  expect(config.users[0].user).toEqual({ token: "t" });
});

test("an unknown token is refused with 401, no token is the anonymous user", async () => {
  const { send } = await startServer();
  const unknown = await send(configMaps, { token: "wrong" });
  expect([unknown.status, unknown.body.reason]).toEqual([401, "Unauthorized"]);
  const none = await send(configMaps, { headers: { authorization: "" } });
  expect(none.status).toBe(401);
});

test("a stopped server comes back on the same port with the same data", async () => {
  const { api, send, watch } = await startServer();
  api.create(configMap("kept", { a: "1" }));
  const stream = await watch(`${configMaps}?watch=true`);
  await stream.next();
  await api.stop();
  expect(await stream.ended).toBe("broken");
  await expect(send(configMaps)).rejects.toThrow();
  await api.start();
  const { body } = await send(configMaps);
  expect(body.items.map(({ metadata }: Wire) => metadata.name)).toEqual(["kept"]);
});

test("requests are counted by verb, resource and user", async () => {
  const { api, send, watch } = await startServer({ users: [{ token: "t", name: "somebody" }] });
  await send(configMaps);
  await send("/api/v1/secrets", { token: "t" });
  await (await watch(`${configMaps}?watch=true`)).close();
  expect(api.requests.count()).toBe(3);
  expect(api.requests.count({ verb: "list" })).toBe(2);
  expect(api.requests.count({ verb: "watch", resource: "configmaps" })).toBe(1);
  expect(api.requests.list({ user: "somebody" }).map(({ status }) => status)).toEqual([403]);
  api.requests.clear();
  expect(api.requests.count()).toBe(0);
});

test("connections are counted, and reused", async () => {
  const { api, send } = await startServer();
  for (let index = 0; index < 20; index += 1) await send(configMaps);
  expect(api.connections.opened).toBe(1);
});

test("ten thousand objects are seeded and listed in a moment", async () => {
  const { api, send } = await startServer();
  const began = performance.now();
  for (let index = 0; index < 10_000; index += 1)
    api.create(configMap(`seed-${String(index).padStart(5, "0")}`, { a: "1" }));
  let path = `${configMaps}?limit=500`;
  let count = 0;
  for (;;) {
    const { body } = await send(path);
    count += body.items.length;
    if (!body.metadata.continue) break;
    path = `${configMaps}?limit=500&continue=${body.metadata.continue}`;
  }
  expect(count).toBe(10_000);
  expect(api.requests.count({ verb: "list" })).toBe(20);
  expect(performance.now() - began).toBeLessThan(30_000);
});

test("a body larger than three mebibytes is refused", async () => {
  const { send } = await startServer();
  const { status, body } = await send(configMaps, {
    method: "POST",
    body: configMap("big", { a: "x".repeat(4_000_000) }),
  });
  expect([status, body.reason]).toEqual([413, "RequestEntityTooLarge"]);
});

test("what happens in the same process is seen on the wire", async () => {
  const { api, watch } = await startServer();
  const stream = await watch(`${configMaps}?watch=true`);
  const created = api.create(configMap("a", { x: "1" }));
  api.patchObject({ apiVersion: "v1", kind: "ConfigMap", name: "a" }, { data: { x: "2" } });
  api.apply(configMap("a", { y: "3" }));
  api.delete({ apiVersion: "v1", kind: "ConfigMap", name: "a" });
  const events = [await stream.next(), await stream.next(), await stream.next(), await stream.next()];
  expect(events.map(({ type }) => type)).toEqual(["ADDED", "MODIFIED", "MODIFIED", "DELETED"]);
  expect(events[2]?.object.data).toEqual({ x: "2", y: "3" });
  expect(new Set(events.map(({ object }) => object.metadata.uid))).toEqual(new Set([created.metadata.uid]));
  expect(api.get({ apiVersion: "v1", kind: "ConfigMap", name: "a" })).toBeUndefined();
});

test("an object handed in or out is nobody else's", async () => {
  const { api } = await startServer();
  const given = configMap("a", { x: "1" });
  const created = api.create(given);
  given.data["x"] = "changed";
  (created["data"] as Record<string, string>)["x"] = "changed";
  expect(api.get({ apiVersion: "v1", kind: "ConfigMap", name: "a" })).toMatchObject({ data: { x: "1" } });
});

test("a namespace takes its content with it, and finalizers hold both", async () => {
  const { api, send } = await startServer();
  api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
  api.create(configMap("plain", {}, { namespace: "team" }));
  api.create(configMap("held", {}, { namespace: "team", finalizers: ["example.com/hold"] }));
  const reference = { apiVersion: "v1", kind: "ConfigMap", name: "held", namespace: "team" };
  expect((await send("/api/v1/namespaces/team", { method: "DELETE" })).body.status.phase).toBe("Terminating");
  await eventually(() => api.list({ apiVersion: "v1", kind: "ConfigMap", namespace: "team" }).length === 1);
  const refused = await send("/api/v1/namespaces/team/configmaps", { method: "POST", body: configMap("late") });
  expect(refused.body.details.causes[0].reason).toBe("NamespaceTerminating");
  api.patchObject(reference, { metadata: { finalizers: null } });
  await eventually(async () => (await send("/api/v1/namespaces/team")).status === 404);
});

test("what belonged to an owner goes after it, unless it is orphaned", async () => {
  const { api, send } = await startServer();
  const owner = (name: string) => api.create(configMap(name)).metadata;
  const ownedBy = ({ name, uid = "" }: { name: string; uid?: string }) => ({
    ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name, uid, blockOwnerDeletion: true }],
  });
  const names = () => api.list({ apiVersion: "v1", kind: "ConfigMap" }).map(({ metadata }) => metadata.name);
  api.create(configMap("a-child", {}, ownedBy(owner("a"))));
  api.create(configMap("b-child", {}, ownedBy(owner("b"))));
  api.create(configMap("c-child", {}, ownedBy(owner("c"))));
  await send(`${configMaps}/a`, { method: "DELETE" });
  await send(`${configMaps}/b?propagationPolicy=Foreground`, { method: "DELETE" });
  await send(`${configMaps}/c?propagationPolicy=Orphan`, { method: "DELETE" });
  await eventually(() => names().join() === "c-child");
  await eventually(
    () => api.get({ apiVersion: "v1", kind: "ConfigMap", name: "c-child" })?.metadata.ownerReferences === undefined,
  );
});
