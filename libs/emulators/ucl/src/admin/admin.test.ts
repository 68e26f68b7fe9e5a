import { expect, onTestFinished, test } from "vitest";
import { call } from "../testing/call.ts";
import {
  base64,
  byToken,
  configuration,
  pair,
  pemOf,
  requestFor,
  runtimeIn,
  startUntil,
  subjectFor,
} from "../testing/world.ts";
import type { Ucl } from "../ucl.ts";

const start = startUntil(onTestFinished);

// biome-ignore lint/suspicious/noExplicitAny: tests reach into answers
async function post(ucl: Ucl, path: string, body: object = {}): Promise<any> {
  const response = await fetch(`${ucl.adminURL}${path}`, { method: "POST", body: JSON.stringify(body) });
  return response.json();
}

const submit = (ucl: Ucl, path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${ucl.adminURL}${path}`, { method: "POST", body: new URLSearchParams(fields), headers, redirect: "manual" });

test("everything can be done over HTTP: seed, fail, move time, take back, look", async () => {
  const ucl = await start();
  const seeded = await post(ucl, "/seed", {
    runtimes: [{ name: "r", formations: ["f"] }],
    applications: { count: 3, bundles: 2, apis: 2, events: 1, auth: "oauth+csrf", formations: ["f"] },
  });
  expect([seeded.runtimes.length, seeded.applications.length]).toEqual([1, 3]);
  const state = await (await fetch(`${ucl.adminURL}/state`)).json();
  expect(state).toMatchObject({
    applications: { length: 3 },
    bundles: { length: 6 },
    apis: { length: 12 },
    events: { length: 6 },
  });

  await post(ucl, "/faults", [{ match: { route: "connector" }, action: { status: 500 }, times: 2 }]);
  expect(await (await fetch(`${ucl.adminURL}/faults`)).json()).toMatchObject([{ times: 2 }]);
  await fetch(`${ucl.adminURL}/faults`, { method: "DELETE" });

  const { result } = await post(ucl, "/graphql", {
    query: "mutation ($id: ID!) { result: requestOneTimeTokenForRuntime(id: $id) { token } }",
    variables: { id: seeded.runtimes[0].id },
  });
  await post(ucl, "/clock", { advanceMs: 61 * 60_000 });
  expect((await byToken(ucl, result.token, configuration)).data).toBeNull();
  await post(ucl, "/urls", { directorURL: "https://elsewhere.example.com" });
  expect(ucl.urls.directorURL).toBe("https://elsewhere.example.com");
  const journal = await (await fetch(`${ucl.adminURL}/journal`)).json();
  expect(journal).toMatchObject({ total: 1, entries: [{ operations: ["configuration"] }] });
  expect(await (await fetch(`${ucl.adminURL}/ca`)).text()).toBe(ucl.serverCa);
});

test("the state can be put back as it was", async () => {
  const ucl = await start();
  ucl.seed({ runtimes: [{ name: "r", formations: ["f"] }], applications: { count: 2, apis: 1, formations: ["f"] } });
  const before = ucl.snapshot();
  ucl.seed({ applications: { count: 5, formations: ["f"] } });
  await post(ucl, "/restore", before);
  expect(ucl.snapshot()).toEqual(before);
});

test("with a seed, ids and tokens are the same in every run", async () => {
  const world = async () => {
    const ucl = await start({ seed: "42" });
    return (await runtimeIn(ucl, "f")).token;
  };
  expect(await world()).toBe(await world());
});

test("a big formation is planted in time that grows with its size", () => {
  return expect(
    (async () => {
      const ucl = await start();
      const seconds = (count: number): number => {
        const began = performance.now();
        ucl.seed({ applications: { count, bundles: 2, apis: 2, events: 1, auth: "basic", formations: [`f${count}`] } });
        return performance.now() - began;
      };
      seconds(500); // the first run pays for compilation
      const small = seconds(1_000);
      return seconds(10_000) / small;
    })(),
  ).resolves.toBeLessThan(60);
});

test("a person sees the formation, adds a system, describes it and removes it, without script", async () => {
  const ucl = await start();
  ucl.seed({ runtimes: [{ name: "cluster", formations: ["demo"] }] });
  const page = async () => (await fetch(ucl.adminURL)).text();
  const added = await submit(ucl, "/ui/add", {
    formation: "demo",
    name: '<script>alert("1")</script>',
    api: "orders",
    targetURL: "https://shop.example.com",
    credential: "basic",
    user: "u",
    secret: "a-password",
  });
  expect([added.status, added.headers.get("location")]).toEqual([303, "../"]);
  const shown = await page();
  expect(shown).toContain("&lt;script&gt;alert");
  expect(shown).not.toMatch(/<script|a-password/);
  expect(shown).toContain("orders");
  const [application] = ucl.snapshot().applications as { id: string }[];
  await submit(ucl, "/ui/describe", { id: application?.id ?? "", description: "a new description" });
  expect(await page()).toContain("a new description");
  await submit(ucl, "/ui/remove", { id: application?.id ?? "", formation: "demo" });
  expect(ucl.snapshot().applications).toEqual([]);
  const refused = await submit(ucl, "/ui/add", { formation: "demo", name: "" });
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('role="alert"')]);
});

test("a page of another site cannot change anything", async () => {
  const ucl = await start();
  for (const headers of [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }]) {
    expect((await submit(ucl, "/seed", {}, headers)).status).toBe(403);
  }
  expect((await fetch(ucl.adminURL)).headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
});

test("external systems pair over REST, renew and give back their certificate", async () => {
  const ucl = await start();
  const { applications } = ucl.seed({ applications: { count: 1, name: "Shop" } });
  const { result } = await ucl.administrator(
    "mutation ($id: ID!) { result: requestOneTimeTokenForApplication(id: $id) { legacyConnectorURL } }",
    { id: applications[0]?.id },
  );
  const get = (url: string, more: object = {}) => call(ucl, url, { query: "", method: "GET", ...more });
  const info = JSON.parse((await get((result as { legacyConnectorURL: string }).legacyConnectorURL)).text);
  const clientId = /CN=(.+)$/.exec(info.certificate.subject)?.[1] ?? "";
  const { request, key } = requestFor(subjectFor(clientId));
  const body = JSON.stringify({ csr: base64(request) });
  const signed = await call(ucl, info.csrUrl, { query: "", body });
  expect(signed.status).toBe(201);
  const system = { certificate: pemOf(JSON.parse(signed.text).clientCrt), key };
  const management = JSON.parse((await get(info.api.infoUrl, { pair: system })).text);
  expect(management.clientIdentity).toEqual({ application: "Shop" });
  const renewed = await call(ucl, management.urls.renewCertUrl, { query: "", body, pair: system });
  expect(renewed.status).toBe(201);
  expect((await call(ucl, info.csrUrl, { query: "", body })).status).toBe(403);
  expect((await call(ucl, management.urls.renewCertUrl, { query: "", body: '{"csr":"!"}', pair: system })).status).toBe(
    400,
  );
  expect((await call(ucl, management.urls.revokeCertUrl, { query: "", body: "", pair: system })).status).toBe(201);
  expect((await get(info.api.infoUrl, { pair: system })).status).toBe(403);
});

test("the gateway in front learns who a token or a certificate belongs to", async () => {
  const ucl = await start();
  const { token } = await runtimeIn(ucl);
  const { clientId } = await pair(ucl, token);
  const { token: unused } = await runtimeIn(ucl, undefined, "other");
  const session = { subject: "", extra: {}, header: {} };
  const ask = async (path: string, headers: Record<string, string>) =>
    (
      await fetch(`${ucl.adminURL}/hydrators${path}`, { method: "POST", body: JSON.stringify(session), headers })
    ).json();
  expect(await ask("/v1/tokens/resolve", { "connector-token": unused })).toMatchObject({
    header: { "Client-Id-From-Token": [expect.any(String)] },
  });
  expect(await ask("/v1/tokens/resolve", { "connector-token": unused })).toEqual(session);
  const xfcc = `Hash=${"a".repeat(64)};Subject="CN=${clientId},O=Org"`;
  const known = await ask("/v1/certificate/data/resolve", { "certificate-data": xfcc });
  expect(known).toMatchObject({ header: { "Client-Id-From-Certificate": [clientId] } });
  ucl.revoke("a".repeat(64));
  expect(await ask("/v1/certificate/data/resolve", { "certificate-data": xfcc })).toEqual(session);
});
