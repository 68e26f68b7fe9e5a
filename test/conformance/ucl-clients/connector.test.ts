import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import {
  createConnector,
  createUclTransport,
  type Exchange,
  type UclTransportOptions,
} from "@application-connector/ucl";
import { type FaultAction, startUcl, type Ucl, type UclOptions } from "@application-connector/ucl-emulator";
import { createAuthority, createRequest } from "@application-connector/x509";
import { describe, expect, onTestFinished, test } from "vitest";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

async function world(options: UclOptions = {}, transportOptions: UclTransportOptions = {}) {
  const ucl = await startUcl(options);
  onTestFinished(() => ucl.stop());
  const exchanges: Exchange[] = [];
  const logged: object[] = [];
  const open = (more: UclTransportOptions = {}) => {
    const transport = createUclTransport({
      ca: ucl.serverCa,
      observe: (exchange) => exchanges.push(exchange),
      log: { warn: (details, message) => void logged.push({ ...details, message }) },
      ...transportOptions,
      ...more,
    });
    onTestFinished(() => transport.stop());
    return transport;
  };
  const runtime = ucl.seed({ runtimes: [{ name: "runtime" }] }).runtimes[0]?.id ?? "";
  return { ucl, open, exchanges, logged, token: () => freshToken(ucl, runtime) };
}

async function freshToken(ucl: Ucl, runtimeId: string): Promise<string> {
  const { result } = await ucl.administrator(
    "mutation ($id: ID!) { result: requestOneTimeTokenForRuntime(id: $id) { token } }",
    { id: runtimeId },
  );
  return (result as { token: string }).token;
}

async function paired(options: UclOptions = {}) {
  const at = await world(options);
  const anonymous = createConnector(at.open());
  const url = at.ucl.urls.connectorURL;
  const {
    token,
    subject = "",
    connectorUrl,
  } = await anonymous.configuration({
    url,
    token: await at.token(),
    requestId: "r1",
  });
  const request = createRequest({ subject: reversed(subject), key }).request;
  const { certificateChain } = await anonymous.sign({ url, token, requestId: "r2" }, request);
  return { ...at, subject, connectorUrl, identity: { chain: certificateChain, key } };
}

const reversed = (subject: string): string => subject.split(",").reverse().join(",");

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  await promise.then(
    () => "no failure",
    (error: unknown) => error,
  );

test("a token opens the configuration, its successor signs, and the certificate opens what follows", async () => {
  const { open, identity, connectorUrl, subject, ucl, exchanges } = await paired();
  expect(new X509Certificate(identity.chain).subject).toContain("O=Org");
  const secured = createConnector(open({ identity }));
  expect(await secured.configuration({ url: connectorUrl, requestId: "r3" })).toMatchObject({
    subject,
    directorUrl: ucl.urls.directorURL,
  });
  expect(ucl.journal.entries.map(({ headers }) => headers["x-request-id"])).toEqual(["r1", "r2", "r3"]);
  expect(ucl.journal.entries[2]).toMatchObject({ chainLength: 2, listener: "mtls" });
  expect(ucl.journal.entries[2]?.headers).not.toHaveProperty("connector-token");
  expect(exchanges.map(({ service, operation, code }) => `${service} ${operation} ${code}`)).toEqual([
    "connector configuration ok",
    "connector signCertificateSigningRequest ok",
    "connector configuration ok",
  ]);
});

describe("a call fails by", () => {
  test.each<[title: string, action: FaultAction, expected: object]>([
    ["an error beside good data", { partialData: true }, { code: "graphql", status: 200 }],
    [
      "a status with errors",
      { status: 500, body: "json" },
      { code: "status", status: 500, message: expect.stringContaining("graphql: ") },
    ],
    [
      "a status with a page",
      { status: 503, body: "html" },
      { code: "status", status: 503, message: expect.stringContaining("upstream connect error") },
    ],
    ["a status with good data", { status: 502, executed: true, body: "empty" }, { code: "status", status: 502 }],
    ["a status that refuses", { status: 401, body: "empty" }, { code: "unauthenticated", status: 401 }],
    [
      "an error of the Director",
      { graphqlError: { message: "no", code: 26 } },
      { code: "unauthenticated", directorCode: 26 },
    ],
    ["too many calls", { rateLimit: { retryAfterS: 7 } }, { code: "rate-limited", status: 429, retryAfterMs: 7000 }],
    ["a reset", { reset: "after" }, { code: "connection-lost", unsent: false }],
    ["half an answer", { truncate: true }, { code: "connection-lost", unsent: false }],
    ["a TLS alert", { tlsAlert: true }, { code: "tls", unsent: true }],
    ["no plane", { nullField: "result.managementPlaneInfo" }, { code: "invalid-answer" }],
    [
      "no address",
      { nullField: "result.managementPlaneInfo.directorURL" },
      { code: "invalid-answer", message: expect.stringContaining("managementPlaneInfo.directorURL") },
    ],
    ["nothing", { nullField: "result" }, { code: "invalid-answer", message: expect.stringContaining("/result") }],
    ["silence", { hang: true }, { code: "timeout", unsent: false }],
  ])("%s", async (_, action, expected) => {
    const { ucl, open, token } = await world({}, { timeoutMs: action.hang ? 300 : 5_000 });
    ucl.faults.add({ action });
    const call = { url: ucl.urls.connectorURL, token: await token(), requestId: "r" };
    expect(await failure(createConnector(open()).configuration(call))).toMatchObject({
      name: "UclError",
      requestId: "r",
      ...expected,
    });
    ucl.faults.clear();
  });

  test("nobody there, without having sent anything", async () => {
    const { ucl, open, token } = await world();
    const call = { url: ucl.urls.connectorURL, token: await token(), requestId: "r" };
    await ucl.refuse();
    expect(await failure(createConnector(open()).configuration(call))).toMatchObject({
      code: "unreachable",
      unsent: true,
    });
    const nowhere = { ...call, url: "https://nowhere.invalid/connector/graphql" };
    expect(await failure(createConnector(open()).configuration(nowhere))).toMatchObject({
      code: "unreachable",
      unsent: true,
    });
  });

  test("a server that nobody vouches for, unless that does not matter", async () => {
    const { ucl, open, token } = await world();
    const call = { url: ucl.urls.connectorURL, token: await token(), requestId: "r" };
    const refused = createConnector(open({ ca: undefined }));
    expect(await failure(refused.configuration(call))).toMatchObject({ code: "tls", unsent: true });
    expect(ucl.journal.total).toBe(0);
    expect(await createConnector(open({ ca: undefined, insecure: true })).configuration(call)).toHaveProperty("token");
  });

  test("its caller, who does not want it any more", async () => {
    const { ucl, open, token } = await world();
    ucl.faults.add({ action: { hang: true } });
    const stop = new AbortController();
    const call = { url: ucl.urls.connectorURL, token: await token(), requestId: "r", signal: stop.signal };
    const failed = failure(createConnector(open()).configuration(call));
    setTimeout(() => stop.abort(), 50);
    expect(await failed).toMatchObject({ code: "stopped" });
  });
});

describe("another certificate", () => {
  test("is shown from the next call on, and what runs ends", async () => {
    const { ucl, open, identity, connectorUrl, subject } = await paired({ settings: { serialNumbers: "random" } });
    const transport = open({ identity });
    const connector = createConnector(transport);
    ucl.faults.add({ action: { delayMs: 300 }, times: 1 });
    const running = connector.configuration({ url: connectorUrl, requestId: "slow" });
    const { request } = createRequest({ subject: reversed(subject), key });
    const { certificateChain } = await connector.sign({ url: connectorUrl, requestId: "sign" }, request);
    transport.present({ chain: certificateChain, key });
    await connector.configuration({ url: connectorUrl, requestId: "new" });
    await running;
    const shown = Object.fromEntries(
      ucl.journal.entries.map((entry) => [entry.headers["x-request-id"], entry.certificate]),
    );
    expect(shown["slow"]).toBe(shown["sign"]);
    expect(shown["new"]).not.toBe(shown["slow"]);
  });

  test("that UCL does not take leaves the one before in its place", async () => {
    const { open, identity, connectorUrl } = await paired();
    const transport = open({ identity });
    const connector = createConnector(transport);
    await connector.configuration({ url: connectorUrl, requestId: "1" });
    const stranger = createAuthority({ subject: "CN=stranger", keyType: "rsa" });
    const other = stranger.issue({ subject: "CN=other", usage: ["client"], keyType: "rsa" });
    transport.present({ chain: other.certificate, key: other.key });
    expect(await connector.configuration({ url: connectorUrl, requestId: "2" })).toHaveProperty("subject");
  });
});

test("a 429 that says when, and a connection that breaks, are tried again where that does no harm", async () => {
  const { ucl, open, identity, connectorUrl } = await paired();
  const transport = open({ identity });
  const document = "{ result: configuration { token { token } } }";
  const call = {
    service: "connector",
    operation: "configuration",
    url: connectorUrl,
    document,
    requestId: "r",
  } as const;
  ucl.faults.add({ action: { rateLimit: { retryAfterS: 0 } }, times: 1 }, { action: { reset: "after" }, times: 1 });
  expect(await failure(transport.send(call))).toMatchObject({ code: "rate-limited" });
  ucl.faults.clear();
  ucl.faults.add({ action: { rateLimit: { retryAfterS: 0 } }, times: 1 }, { action: { reset: "after" }, times: 1 });
  expect(await transport.send({ ...call, repeatable: true })).toHaveProperty("result");
});

test("a query that failed is told whole, without what it must not say", async () => {
  const { ucl, open, token, logged } = await world({}, { queryLogging: true });
  const secret = await token();
  const connector = createConnector(open());
  ucl.faults.add({ action: { partialData: true }, times: 1 });
  await failure(connector.configuration({ url: ucl.urls.connectorURL, token: secret, requestId: "r" }));
  expect(logged).toMatchObject([
    { requestId: "r", operation: "configuration", answer: expect.stringContaining("directorURL") },
  ]);
  const said = JSON.stringify(logged);
  expect(said).not.toContain(secret);
  expect(said).toContain('\\"token\\":\\"[redacted]\\"');
});

test("a token that an answer repeats is not repeated in the error", async () => {
  const authority = createAuthority({ subject: "CN=ca" });
  const { certificate, key: serverKey } = authority.issue({
    subject: "CN=s",
    usage: ["server"],
    dnsNames: ["localhost"],
  });
  const server = createServer({ cert: certificate, key: serverKey }, (request, response) => {
    response.writeHead(400, { "content-type": "text/html" });
    response.end(`<p>bad token ${request.headers["connector-token"]}</p>`);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const transport = createUclTransport({ ca: authority.certificate });
  onTestFinished(() => transport.stop());
  const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  const error = await failure(createConnector(transport).configuration({ url, token: "very-secret", requestId: "r" }));
  expect(String(error)).toBe("UclError: connector configuration: status 400: bad token [redacted]");
});
