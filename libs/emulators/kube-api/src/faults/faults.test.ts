import { expect, onTestFinished, test } from "vitest";
import { configMap, configMaps, testServers } from "../test-client.ts";

const startServer = testServers(onTestFinished);

test("a status is answered as often as planned, with Retry-After", async () => {
  const { api, send } = await startServer();
  api.faults.status(429, { verb: "list", times: 2, retryAfterSeconds: 2 });
  expect((await send("/api/v1/namespaces/default")).status).toBe(200);
  const refused = await send(configMaps);
  expect([refused.status, refused.headers["retry-after"], refused.body.reason]).toEqual([429, "2", "TooManyRequests"]);
  expect((await send(configMaps)).status).toBe(429);
  expect((await send(configMaps)).status).toBe(200);
});

test("a fault is about the user and resource it names, until it is taken back", async () => {
  const { api, send } = await startServer({ users: [{ token: "t", name: "other", groups: ["system:masters"] }] });
  const heal = api.faults.status(503, { user: "other", resource: "configmaps" });
  expect((await send(configMaps)).status).toBe(200);
  expect((await send(configMaps, { token: "t" })).status).toBe(503);
  heal();
  expect((await send(configMaps, { token: "t" })).status).toBe(200);
});

test("a reset breaks the connection", async () => {
  const { api, send } = await startServer();
  api.faults.reset({ times: 1 });
  await expect(send(configMaps)).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
  expect((await send(configMaps)).status).toBe(200);
});

test("latency delays the answer", async () => {
  const { api, send } = await startServer();
  api.faults.latency(200, { times: 1 });
  const began = performance.now();
  await send(configMaps);
  expect(performance.now() - began).toBeGreaterThanOrEqual(190);
});

test("a blackhole answers nothing and keeps the connection", async () => {
  const { api, send } = await startServer();
  api.faults.blackhole({ times: 1 });
  const swallowed = send(configMaps);
  const outcome = await Promise.race([
    swallowed.catch(() => "broken"),
    new Promise((r) => setTimeout(() => r("silence"), 300)),
  ]);
  expect(outcome).toBe("silence");
  expect((await send(configMaps)).status).toBe(200);
  await api.stop();
  await expect(swallowed).rejects.toThrow();
});

test("open watches can be muted, cut within a line, told an error, or told anything", async () => {
  const { api, watch } = await startServer();
  const muted = await watch(`${configMaps}?watch=true`);
  api.faults.mute();
  const cut = await watch(`${configMaps}?watch=true`);
  api.create(configMap("a"));
  expect((await cut.next()).type).toBe("ADDED");
  api.faults.rawLine('{"type":"MODIFIED","object":{"metadata":{"name":"odd"}}}');
  expect((await cut.next()).object.metadata.name).toBe("odd");
  api.faults.halfLine();
  expect(await cut.ended).toBe("clean");
  const told = await watch(`${configMaps}?watch=true&resourceVersion=${api.resourceVersion}`);
  api.faults.errorStatus(500);
  expect((await told.next()).object.code).toBe(500);
  const silence = new Promise((resolve) => setTimeout(() => resolve("silence"), 200));
  expect(await Promise.race([muted.next(), muted.ended, silence])).toBe("silence");
});

test("an expired token is unknown", async () => {
  const { api, send } = await startServer({ users: [{ token: "t", name: "other", groups: ["system:masters"] }] });
  expect((await send(configMaps, { token: "t" })).status).toBe(200);
  api.faults.expireToken("t");
  expect((await send(configMaps, { token: "t" })).status).toBe(401);
});
