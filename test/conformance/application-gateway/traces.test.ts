import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { pipeline } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { call } from "./http.ts";
import { type CollectedSpan, startCollector } from "./otlp-collector.ts";
import { running, runningWith } from "./program.ts";
import { echoOf, headersOf, until, useWorld } from "./world.ts";

const world = useWorld();
const traceId = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const server = 2;
const client = 3;

test("a call is a server span below the caller's, with the calls it causes below that", async () => {
  const secretName = world.secret({ clientId: "client", clientSecret: "client-secret" });
  const csrfInfo = { tokenEndpointURL: `${world.target.url}/csrf/token?key=hidden` };
  const authenticationUrl = world.idp.tokenUrl;
  const app = world.api({ credentials: { type: "OAuth", secretName, authenticationUrl, csrfInfo } });
  await world.settled();
  const collector = await startCollector();
  const { ports } = await runningWith(collector.variables, world.kubeconfig);
  const headers = ["traceparent", traceparent, "tracestate", "a=1", "baggage", "b=2", "X-Request-Id", "r1"];
  const answer = await call(ports.proxy, `/${app}/s/x?key=hidden`, { headers });
  await until(() => collector.spans.some(({ kind }) => kind === server));

  const [seen] = collector.spans.filter(({ kind }) => kind === server);
  expect(seen).toMatchObject({ name: `GET /${app}/s`, traceId, parentSpanId: "b7ad6b7169203331" });
  expect(seen?.attributes).toMatchObject({
    "http.request.method": "GET",
    "http.route": `/${app}/s`,
    "http.response.status_code": 200,
    "url.path": `/${app}/s/x`,
    "client.address": "127.0.0.1",
    "application_gateway.application": app,
    "application_gateway.service": "s",
    "application_gateway.request_id": "r1",
  });
  const below = collector.spans.filter(({ parentSpanId }) => parentSpanId === seen?.spanId);
  expect(below.map(({ name, kind }) => [name, kind]).sort()).toEqual([
    ["CSRF token request", client],
    ["GET", client],
    ["token request", client],
  ]);
  const sent = named(below, "GET");
  expect(sent?.attributes).toMatchObject({ "http.response.status_code": 200, "url.full": `${world.target.url}/x` });
  expect(named(below, "token request")?.attributes).toMatchObject({ "url.full": authenticationUrl });

  const echo = echoOf(answer);
  expect(headersOf(echo, "traceparent")).toEqual([`00-${traceId}-${sent?.spanId}-01`]);
  expect(headersOf(echo, "tracestate")).toEqual(["a=1"]);
  expect(headersOf(echo, "baggage")).toEqual(["b=2"]);
  expect(collector.text()).not.toMatch(/hidden|client-secret/);
});

test("a call that is sent twice has a span for each time, and for each token", async () => {
  const secretName = world.secret({ clientId: "client", clientSecret: "client-secret" });
  const app = world.api({ credentials: { type: "OAuth", secretName, authenticationUrl: world.idp.tokenUrl } });
  await world.settled();
  world.target.reset();
  const collector = await startCollector();
  const { ports } = await runningWith(collector.variables, world.kubeconfig, "--accessLog");
  const answer = await call(ports.proxy, `/${app}/s/once/401/echo`);
  expect(answer.status).toBe(200);
  await until(() => collector.spans.some(({ kind }) => kind === server));
  const [seen] = collector.spans.filter(({ kind }) => kind === server);
  const below = collector.spans.filter(({ parentSpanId }) => parentSpanId === seen?.spanId);
  expect(below.filter(({ name }) => name === "token request").length).toBe(2);
  const sent = below.filter(({ name }) => name === "GET").map(({ attributes }) => attributes);
  expect(sent.map((attributes) => attributes["http.response.status_code"])).toEqual([401, 200]);
  expect(sent.map((attributes) => attributes["http.request.resend_count"])).toEqual([undefined, 1]);
});

test("retries of a connection and redirects that are followed have spans of their own", async () => {
  const unreachable = world.api({ targetUrl: "http://127.0.0.1:1" }, {}, { retries: "1" });
  const following = world.api({}, {}, { redirects: "follow" });
  await world.settled();
  const collector = await startCollector();
  const { ports } = await runningWith(collector.variables, world.kubeconfig);
  expect((await call(ports.proxy, `/${unreachable}/s/x`)).status).toBe(502);
  expect((await call(ports.proxy, `/${following}/s/redirect?location=/echo`)).status).toBe(200);
  await until(() => collector.spans.filter(({ kind }) => kind === server).length === 2);
  const sent = (app: string) => {
    const seen = collector.spans.find(({ name }) => name === `GET /${app}/s`);
    const below = collector.spans.filter(({ parentSpanId }) => parentSpanId === seen?.spanId);
    return below.map(({ attributes }) => [attributes["http.request.resend_count"], attributes["error.type"]]);
  };
  expect(sent(unreachable)).toEqual([
    [undefined, "connect"],
    [1, "unreachable"],
  ]);
  expect(sent(following)).toEqual([
    [undefined, undefined],
    [1, undefined],
  ]);
});

test("a call whose place in the trace is signed is signed as it is sent, however often its connection is tried", async () => {
  const signedComponents = "@method @authority @path @query traceparent";
  const secretName = world.secret({ hmacKey: "a-key-that-signs-traces", keyId: "k", signedComponents });
  world.target.signatureKeys.set("k", { secret: "a-key-that-signs-traces" });
  const port = await freePort();
  const credentials = { type: "HmacSignature", secretName };
  const app = world.api({ targetUrl: `http://127.0.0.1:${port}/signed`, credentials }, {}, { retries: "5" });
  await world.settled();
  const collector = await startCollector();
  const { ports } = await runningWith(collector.variables, world.kubeconfig);
  const pending = call(ports.proxy, `/${app}/s/echo`);
  await until(async () => / [1-9]\d*$/m.test(await retriesOf(ports.external, app)));
  const late = createServer((socket) => {
    const target = connect(world.target.port, "127.0.0.1");
    pipeline(socket, target, socket, () => undefined);
  });
  late.listen(port, "127.0.0.1");
  onTestFinished(() => void late.close());
  expect((await pending).status).toBe(200);
});

test("a failed call says in its spans what failed, and whose it is", async () => {
  const secretName = world.secret({ clientId: "client", clientSecret: "nobody's" });
  const oauth = { type: "OAuth", secretName, authenticationUrl: world.idp.tokenUrl };
  const [tokenless, plain] = [world.api({ credentials: oauth }), world.api()];
  await world.settled();
  const collector = await startCollector();
  const { ports } = await runningWith(collector.variables, world.kubeconfig, "--proxyTimeout=1");
  await call(ports.proxy, `/${tokenless}/s/x`);
  await call(ports.proxy, `/${plain}/s/broken/no-response`);
  await call(ports.proxy, `/${plain}/s/status/503`);
  await call(ports.proxy, `/${plain}/none`);
  await until(() => collector.spans.filter(({ kind }) => kind === server).length === 4);
  const told = collector.spans
    .filter(({ status }) => status.code === 2)
    .map(({ kind, name, attributes }) => `${kind} ${name} ${attributes["error.type"]}`);
  const expected = [
    `2 GET /${plain}/s 502`,
    `2 GET /${plain}/s target_timeout`,
    `2 GET /${tokenless}/s token_request_failed`,
    "3 GET 503",
    "3 GET timeout",
    "3 token request token_request_failed",
  ];
  expect(told.sort()).toEqual(expected.sort());
  const refused = collector.spans.find(({ attributes }) => attributes["error.type"] === "entry_not_found");
  expect(refused).toMatchObject({ name: "GET", kind: server, attributes: { "http.response.status_code": 404 } });
});

test("a caller that is not sampled stays so", async () => {
  const app = world.api();
  await world.settled();
  const collector = await startCollector();
  const { ports, process, ended } = await runningWith(collector.variables, world.kubeconfig);
  const headers = ["traceparent", `00-${traceId}-b7ad6b7169203331-00`];
  const echo = echoOf(await call(ports.proxy, `/${app}/s/x`, { headers }));
  expect(headersOf(echo, "traceparent")).toEqual([expect.stringMatching(`^00-${traceId}-[0-9a-f]{16}-00$`)]);
  await call(ports.proxy, `/${app}/s/x`);
  process.kill("SIGTERM");
  await ended;
  expect(collector.spans.map((span) => span.traceId)).not.toEqual([]);
  expect(collector.spans.filter((span) => span.traceId === traceId)).toEqual([]);
});

test("an API that drops the caller's context gets none of ours", async () => {
  const app = world.api({}, {}, { "denied-request-headers": "traceparent,tracestate" });
  await world.settled();
  const collector = await startCollector();
  const { ports } = await runningWith(collector.variables, world.kubeconfig);
  const echo = echoOf(await call(ports.proxy, `/${app}/s/x`, { headers: ["traceparent", traceparent] }));
  expect(headersOf(echo, "traceparent")).toEqual([]);
  await until(() => collector.spans.some((span) => span.traceId === traceId));
});

test("without an exporter the caller's context passes as it is", async () => {
  const app = world.api();
  await world.settled();
  const headers = ["traceparent", traceparent, "tracestate", "a=1"];
  const { ports } = await running(world.kubeconfig);
  const echo = echoOf(await call(ports.proxy, `/${app}/s/x`, { headers }));
  expect(headersOf(echo, "traceparent")).toEqual([traceparent]);
  expect(headersOf(echo, "tracestate")).toEqual(["a=1"]);
});

async function retriesOf(port: number, app: string): Promise<string> {
  const text = (await call(port, "/metrics")).body.toString();
  return text.split("\n").find((line) => line.startsWith(`agw_retries_total{application="${app}"`)) ?? "";
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function named(spans: readonly CollectedSpan[], name: string): CollectedSpan | undefined {
  return spans.find((span) => span.name === name);
}
