import { type AddressInfo, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { call, open, raw, valuesOf } from "./http.ts";
import { running } from "./program.ts";
import { echoOf, errorOf, headersOf, until, useWorld } from "./world.ts";

// What annotations say about time, paths and headers, over the started program where it is about what it says.

const world = useWorld({ proxyTimeoutMs: 400, requestTimeoutMs: 10_000 });

const slow = "/slow?head_ms=900";
const stalling = "/slow?body_ms=900";

test("response-timeout gives a slow target its time, and takes it away elsewhere", async () => {
  const patient = world.api({}, {}, { "response-timeout": "15s" });
  const usual = world.api();
  const hasty = world.api({}, {}, { "response-timeout": "100ms" });
  await world.settled();
  expect((await world.call(`/${patient}/s${slow}`)).status).toBe(200);
  expect((await world.call(`/${usual}/s${slow}`)).status).toBe(504);
  expect((await world.call(`/${hasty}/s/slow?head_ms=350`)).status).toBe(504);
});

test("body-idle-timeout decides how long a target may pause in its body", async () => {
  const patient = world.api({}, {}, { "body-idle-timeout": "15s" });
  const usual = world.api();
  await world.settled();
  expect(await world.call(`/${patient}/s${stalling}`)).toMatchObject({ status: 200, complete: true });
  expect((await world.call(`/${usual}/s${stalling}`).catch(() => ({ complete: false }))).complete).toBe(false);
});

test("max-request-duration ends a call that goes on and on", async () => {
  const app = world.api({}, {}, { "max-request-duration": "1s" });
  await world.settled();
  const cut = await world.call(`/${app}/s/sse?interval_ms=100`);
  expect(cut).toMatchObject({ status: 200, complete: false });
  expect(cut.body.toString()).toContain("id: 5");
});

test("a service's annotation wins over its Application's, and an entry's over both", async () => {
  const entries = [{ name: "One" }, { name: "Two" }];
  const app = world.application(
    [
      { displayName: "Orders", entries },
      { displayName: "s", entries: [{}] },
    ],
    {},
    undefined,
    {
      "response-timeout": "15s",
      "response-timeout.orders": "100ms",
      "response-timeout.orders.two": "15s",
    },
  );
  await world.settled();
  expect((await world.call(`/${app}/s${slow}`)).status).toBe(200);
  expect((await world.callBundle(`/${app}/orders/one${slow}`)).status).toBe(504);
  expect((await world.callBundle(`/${app}/orders/two${slow}`)).status).toBe(200);
});

test("a change of an annotation alone applies within two seconds", async () => {
  const app = world.api();
  await world.settled();
  expect((await world.call(`/${app}/s${slow}`)).status).toBe(504);
  world.application([{ displayName: "s", entries: [{}] }], {}, app, { "response-timeout": "15s" });
  await until(async () => (await world.call(`/${app}/s${slow}`)).status === 200, 4_000);
});

test("a wrong value is ignored and told, once, with what is allowed", async () => {
  const app = world.api({}, {}, { "response-timeout": "soon", "responce-timeout": "1s", "retries.order": "1" });
  const gateway = await running(world.kubeconfig, "--proxyTimeout=5");
  expect((await call(gateway.ports.proxy, `/${app}/s${slow}`)).status).toBe(200);
  const told = () =>
    gateway
      .output()
      .split("\n")
      .filter((line) => line.includes(app) && line.includes("mistakes") && line.endsWith("}"))
      .map((line) => JSON.parse(line) as { mistakes: string[] });
  await until(() => told().length === 2);
  const prefix = "annotation 'application-gateway.kyma-project.io";
  expect(
    told()
      .flatMap(({ mistakes }) => mistakes)
      .sort(),
  ).toEqual([
    `${prefix}/responce-timeout' ignored: there is no such setting`,
    `${prefix}/response-timeout': "soon" ignored: it must be a duration such as 45s or 1m30s, from 100ms to 24h, or 0 for no limit`,
    `${prefix}/retries.order' ignored: the Application has no such API`,
  ]);
}, 30_000);

test("preserve-trailing-slash passes the slashes at the end on", async () => {
  const targetUrl = `${world.target.url}/base`;
  const app = world.api({ targetUrl }, {}, { "preserve-trailing-slash": "true" });
  await world.settled();
  for (const path of ["/x/", "/x//", "/", ""]) {
    expect(echoOf(await world.call(`/${app}/s${path}?q=/`)).url).toBe(`/base${path}?q=/`);
  }
});

test("allow-dot-segments lets a path climb, as the API's owner wants it", async () => {
  const targetUrl = `${world.target.url}/api/v1`;
  const app = world.api({ targetUrl }, { encodeUrl: false }, { "allow-dot-segments": "true" });
  const closed = world.api({ targetUrl }, { encodeUrl: false });
  await world.settled();
  expect(echoOf(await world.call(`/${app}/s/../../admin`)).url).toBe("/api/v1/../../admin");
  expect(echoOf(await world.call(`/${app}/s/%2e%2e/x`)).url).toBe("/api/v1/%2e%2e/x");
  expect((await world.call(`/${closed}/s/../../admin`)).status).toBe(400);
});

test("redirects: passthrough leaves a Location as the target wrote it", async () => {
  const app = world.api({}, {}, { redirects: "passthrough" });
  await world.settled();
  const location = `${world.target.url}/x`;
  const answer = await world.call(`/${app}/s/redirect?location=${location}`);
  expect([answer.status, valuesOf(answer, "location")]).toEqual([302, [location]]);
});

const client = ["X-Mine", "1", "X-Internal-Id", "2", "Accept", "text/plain", "Cookie", "c=1", "Content-Type", "text/x"];

test.each<[Record<string, string>, string[]]>([
  [{}, ["x-mine", "x-internal-id", "accept", "cookie", "content-type", "x-forwarded-for"]],
  [{ "denied-request-headers": "X-Internal-*, cookie" }, ["x-mine", "accept", "content-type", "x-forwarded-for"]],
  [{ "allowed-request-headers": "x-mine" }, ["x-mine", "content-type"]],
  [
    { "allowed-request-headers": "x-*", "denied-request-headers": "x-internal-id" },
    ["x-mine", "content-type", "x-forwarded-for"],
  ],
  [{ "denied-request-headers": "x-forwarded-for" }, ["x-mine", "x-internal-id", "accept", "cookie", "content-type"]],
])("with %j the target sees %j", async (annotations, seen) => {
  const secretName = world.secret({ username: "u", password: "p" });
  const app = world.api({ credentials: { type: "Basic", secretName } }, {}, annotations);
  await world.settled();
  const { headers } = echoOf(await world.call(`/${app}/s`, { headers: client }));
  const names = headers.map(([name]) => name.toLowerCase());
  const added = new Set(["host", "authorization", "x-request-id", "connection"]);
  expect(names.filter((name) => !added.has(name)).sort()).toEqual([...seen].sort());
  // What the gateway adds is not the client's to lose.
  expect(names).toContain("authorization");
});

test.each<[Record<string, string>, string[], string[]]>([
  [{ "denied-response-headers": "server, x-debug-*" }, ["x-a", "set-cookie"], ["server", "x-debug-sql"]],
  [{ "allowed-response-headers": "X-A" }, ["x-a"], ["set-cookie", "server", "x-debug-sql"]],
])("with %j the client sees %j and not %j", async (annotations, seen, hidden) => {
  const app = world.api({}, {}, annotations);
  await world.settled();
  const answer = await world.call(`/${app}/s/headers?x-a=1&x-a=2&set-cookie=c%3d1&server=s&x-debug-sql=q`);
  expect(answer).toMatchObject({ status: 200, complete: true });
  expect(answer.body.toString()).toBe("headers as told\n");
  for (const name of seen) expect(valuesOf(answer, name).length).toBeGreaterThan(0);
  for (const name of hidden) expect(valuesOf(answer, name)).toEqual([]);
});

test("strip-mesh-headers keeps to itself what the mesh says of the caller", async () => {
  const app = world.api({}, {}, { "strip-mesh-headers": "true" });
  const open = world.api();
  await world.settled();
  const headers = ["X-Forwarded-Client-Cert", "By=x", "X-Envoy-Attempt-Count", "1", "X-Mine", "1"];
  const names = ["x-forwarded-client-cert", "x-envoy-attempt-count", "x-mine"];
  const seen = (echo: ReturnType<typeof echoOf>) => names.map((name) => headersOf(echo, name).length);
  expect(seen(echoOf(await world.call(`/${app}/s`, { headers })))).toEqual([0, 0, 1]);
  expect(seen(echoOf(await world.call(`/${open}/s`, { headers })))).toEqual([1, 1, 1]);
});

test("max-request-bytes refuses a larger body, whether its length is known or not", async () => {
  const app = world.api({}, {}, { "max-request-bytes": "1Ki" });
  await world.settled();
  expect((await world.call(`/${app}/s`, { method: "POST", body: "x".repeat(1024) })).status).toBe(200);
  const refused = await world.call(`/${app}/s`, { method: "POST", body: "x".repeat(1025) });
  expect([refused.status, errorOf(refused).code]).toEqual([413, 413]);
  const head = `POST /${app}/s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunked = await raw(world.gateway.ports.proxy, `${head}401\r\n${"x".repeat(1025)}\r\n0\r\n\r\n`);
  expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
});

test("max-response-bytes refuses a larger answer, or breaks it off", async () => {
  const app = world.api({}, {}, { "max-response-bytes": "1Ki" });
  await world.settled();
  expect(await world.call(`/${app}/s/bytes/1024`)).toMatchObject({ status: 200, complete: true });
  expect((await world.call(`/${app}/s/bytes/1025`, { method: "HEAD" })).status).toBe(200);
  const refused = await world.call(`/${app}/s/bytes/1025`);
  expect([refused.status, valuesOf(refused, "application-gateway-error")]).toEqual([502, ["response_too_large"]]);
  const cut = await world.call(`/${app}/s/chunked/100000`).catch(() => ({ complete: false }));
  expect(cut.complete).toBe(false);
});

test("connect-timeout decides how long a target may take for its TLS handshake", async () => {
  const silent = createServer((socket) => void socket.on("error", () => undefined).resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void silent.close());
  const targetUrl = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const usual = world.api({ targetUrl }, {}, { "response-timeout": "1h" });
  const patient = world.api({ targetUrl }, {}, { "response-timeout": "1h", "connect-timeout": "3s" });
  await world.settled();
  const pending = world.call(`/${patient}/s`);
  expect((await world.call(`/${usual}/s`)).status).toBe(504);
  const first = await Promise.race([pending.then(() => "answered"), delay(1_000, "pending")]);
  expect(first).toBe("pending");
  expect((await pending).status).toBe(504);
});

test("request-timeout gives a slow client its time", async () => {
  const patient = world.api({}, {}, { "request-timeout": "1h" });
  const hasty = world.api({}, {}, { "request-timeout": "200ms" });
  await world.settled();
  const slowly = async (app: string): Promise<string> => {
    const socket = await open(world.gateway.ports.proxy);
    const head = `POST /${app}/s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk));
    socket.write(`${head}1\r\na\r\n`);
    setTimeout(() => socket.write("0\r\n\r\n"), 800);
    await until(() => answer !== "" || socket.destroyed);
    return answer;
  };
  expect(await slowly(patient)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await slowly(hasty)).toMatch(/^HTTP\/1\.1 408 /);
});
