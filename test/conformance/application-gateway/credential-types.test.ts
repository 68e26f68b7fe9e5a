import { generateKeyPairSync } from "node:crypto";
import type { RegisteredClient } from "@application-connector/identity-provider-emulator";
import { beforeEach, describe, expect, test } from "vitest";
import { valuesOf } from "./http.ts";
import { echoOf, errorOf, expectReason, headersOf, until, useWorld } from "./world.ts";

const world = useWorld({ proxyTimeoutMs: 2_000 });

beforeEach(() => {
  world.idp.reset();
  world.target.reset();
});

describe("a credential that the Secret holds", () => {
  test("is a bearer token, in place of the client's", async () => {
    const app = api("Bearer", { token: "static-token" });
    await world.settled();
    const seen = echoOf(await world.call(`/${app}/s`, { headers: ["Authorization", "Bearer mine"] }));
    expect(headersOf(seen, "authorization")).toEqual(["Bearer static-token"]);
  });

  test("is a key in a header of its own, beside the client's own Authorization", async () => {
    const app = api("ApiKey", { apiKey: "header-key", headerName: "Ocp-Apim-Subscription-Key" });
    await world.settled();
    const headers = ["Authorization", "Bearer mine", "ocp-apim-subscription-key", "mine"];
    const seen = echoOf(await world.call(`/${app}/s`, { headers }));
    expect(headersOf(seen, "ocp-apim-subscription-key")).toEqual(["header-key"]);
    expect(headersOf(seen, "authorization")).toEqual(["Bearer mine"]);
  });

  test("is a key in the query, where the client's is not, and which the client does not get to see", async () => {
    const app = api("ApiKey", { apiKey: "query-key", queryName: "key" });
    await world.settled();
    expect(echoOf(await world.call(`/${app}/s/x?a=%2f&key=mine`)).url).toBe("/x?a=%2f&key=query-key");
    const location = encodeURIComponent("/next?key=query-key&b=1");
    const redirect = await world.call(`/${app}/s/redirect?location=${location}`);
    expect(valuesOf(redirect, "location")).toEqual([`/${app}/s/next?b=1`]);
  });

  test("in the query is in no URL that the target tells, however deep", async () => {
    const app = api("ApiKey", { apiKey: "query-key", queryName: "kéy" });
    const plain = api("ApiKey", { apiKey: "query-key", queryName: "key" });
    await world.settled();
    const here = encodeURIComponent("/orders?k%C3%A9y=query-key&b=1");
    const told = [
      [`/login?next=${here}`, `/${app}/s/login?next=${encodeURIComponent("/orders?b=1")}`],
      ["https://login.example/?k%C3%A9y=query-key&b=1", "https://login.example/?b=1"],
      ["/next?token=query-key", `/${app}/s/next`],
      ["/keys/query-key", undefined],
    ] as const;
    for (const [location, shown] of told) {
      const answer = await world.call(`/${app}/s/redirect?location=${encodeURIComponent(location)}`);
      expect(valuesOf(answer, "location")).toEqual([shown].flat().filter((value) => value !== undefined));
    }
    const headers = new URLSearchParams([
      ["Link", '<https://t/x?page=2&key=query-key>; rel="next", </y>; rel="prev"'],
      ["Content-Location", "/x?key=query-key"],
      ["Refresh", "1; url=/x?a=1&key=query-key"],
    ]);
    const answer = await world.call(`/${plain}/s/headers?${headers}`);
    expect(valuesOf(answer, "link")).toEqual(['<https://t/x?page=2>; rel="next", </y>; rel="prev"']);
    expect(valuesOf(answer, "content-location")).toEqual(["/x"]);
    expect(valuesOf(answer, "refresh")).toEqual(["1; url=/x?a=1"]);
    const external = { headers: ["Access-Token", "Bearer ext"] };
    const location = encodeURIComponent("/next?k%C3%A9y=mine");
    const own = await world.call(`/${app}/s/redirect?location=${location}`, external);
    expect(valuesOf(own, "location")).toEqual([`/${app}/s/next?k%C3%A9y=mine`]);
  });

  test("gives way to a token that the client brings", async () => {
    const [inQuery, bearer] = [
      api("ApiKey", { apiKey: "query-key", queryName: "key" }),
      api("Bearer", { token: "static-token" }),
    ];
    await world.settled();
    for (const app of [inQuery, bearer]) {
      const seen = echoOf(await world.call(`/${app}/s/x`, { headers: ["Access-Token", "Bearer ext"] }));
      expect([seen.url, headersOf(seen, "authorization")]).toEqual(["/x", ["Bearer ext"]]);
    }
  });

  test("is not sent again when it is refused, until its Secret changes", async () => {
    const app = api("Bearer", { token: "static-token" }, undefined, "rotating-bearer");
    await world.settled();
    expect((await world.call(`/${app}/s/once/401/x`)).status).toBe(401);
    expect(world.target.requests.total).toBe(1);
    world.secret({ token: "other-token" }, "rotating-bearer");
    await until(async () => {
      const seen = echoOf(await world.call(`/${app}/s`));
      return headersOf(seen, "authorization")[0] === "Bearer other-token";
    });
  });

  test("that could end a header is a mistake that names Secret and key, and not what stands there", async () => {
    const app = api("Bearer", { token: "static-token\r\nX-Other: 1" });
    await world.settled();
    const answer = await world.call(`/${app}/s`);
    expect(answer.status).toBe(500);
    expectReason(answer, "secret_invalid");
    expect(errorOf(answer).error).toMatch(/secret '[^']+', key 'token': no header can have it/);
  });
});

describe("a client of a token endpoint", () => {
  test.each(["basic", "post", "both"] as const)("proves itself by %s", async (tokenAuthMethod) => {
    const only = tokenAuthMethod === "both" ? {} : { only: tokenAuthMethod };
    const id = client({ secret: "client-secret", ...only });
    const app = api("OAuth", { clientId: id, clientSecret: "client-secret", tokenAuthMethod });
    await world.settled();
    expect((await world.call(`/${app}/s/oauth/echo`)).status).toBe(200);
  });

  test("may be public", async () => {
    const app = api("OAuth", { clientId: client({ isPublic: true }), tokenAuthMethod: "none" });
    await world.settled();
    expect((await world.call(`/${app}/s/oauth/echo`)).status).toBe(200);
  });

  test("says what it wants a token for, and each wish has its own", async () => {
    const id = client({ secret: "client-secret" });
    const secret = { clientId: id, clientSecret: "client-secret" };
    const read = api("OAuth", { ...secret, scope: "read all", audience: "a", resource: "urn:r" });
    const write = api("OAuth", { ...secret, bodyParameters: '{"scope":["write"]}' });
    await world.settled();
    const records = [];
    for (const app of [read, write, read]) {
      const [authorization = ""] = headersOf(echoOf(await world.call(`/${app}/s/oauth/echo`)), "authorization");
      records.push(world.idp.tokenRecord(authorization.slice("Bearer ".length)));
    }
    expect(records[0]).toMatchObject({ scope: "read all", audience: "a", resource: "urn:r" });
    expect(records[1]).toMatchObject({ scope: "write", audience: undefined });
    expect(records[2]).toEqual(records[0]);
  });

  test("signs an assertion with its private key, another one for each token", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const spki = publicKey.export({ type: "spki", format: "pem" }).toString();
    const clientId = client({ publicKey: spki, only: "assertion" });
    const signingKey = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    const app = api("OAuthPrivateKeyJwt", { clientId, signingKey, keyId: "k" });
    await world.settled();
    expect((await world.call(`/${app}/s/oauth/echo`)).status).toBe(200);
    world.idp.revokeAll();
    expect((await world.call(`/${app}/s/oauth/echo`)).status).toBe(200);
    expect(world.idp.requests.length).toBe(2);
  });

  test("signs an assertion with its secret, and keeps that to itself", async () => {
    const clientSecret = "a-client-secret-of-32-bytes-or-more";
    const clientId = client({ secret: clientSecret, only: "assertion" });
    const app = api("OAuthClientSecretJwt", { clientId, clientSecret });
    await world.settled();
    expect((await world.call(`/${app}/s/oauth/echo`)).status).toBe(200);
    expect(JSON.stringify(world.idp.requests)).not.toContain(clientSecret);
  });

  test("shows its certificate to the target too where its Secret says so", async () => {
    const { certificate: crt, key } = world.authority.issue({
      subject: "CN=both-ways",
      usage: ["client"],
      keyType: "ec",
    });
    const clientId = client({ commonName: "both-ways" });
    const ca = world.authority.certificate;
    const tokenUrl = world.idp.mtlsTokenUrl;
    const app = api("OAuthWithCert", { clientId, crt, key, ca, targetMtls: "true" }, tokenUrl, undefined, "mtlsUrl");
    await world.settled();
    const seen = echoOf(await world.call(`/${app}/s/oauth/echo`));
    expect(seen.connection.tls).toMatchObject({ clientSubject: "CN=both-ways" });
    expect(headersOf(seen, "authorization")).toHaveLength(1);
  });

  test("shows a certificate to the target beside a key or password", async () => {
    const { certificate: crt, key } = world.authority.issue({ subject: "CN=beside", usage: ["client"], keyType: "ec" });
    const tls = { crt, key, ca: world.authority.certificate, targetMtls: "true" };
    const app = api("Basic", { username: "u", password: "a-password", ...tls }, undefined, undefined, "mtlsUrl");
    await world.settled();
    const seen = echoOf(await world.call(`/${app}/s/echo`));
    expect(seen.connection.tls).toMatchObject({ clientSubject: "CN=beside" });
    expect(headersOf(seen, "authorization")).toHaveLength(1);
  });

  test("puts its token where the target wants it, and takes it back from there when it is refused", async () => {
    const secret = { clientId: client({ secret: "client-secret" }), clientSecret: "client-secret" };
    const app = api("OAuth", { ...secret, headerName: "X-Auth-Token", headerPrefix: "" });
    await world.settled();
    const headers = ["Authorization", "Bearer mine"];
    const seen = echoOf(await world.call(`/${app}/s/once/401/echo`, { headers }));
    expect(headersOf(seen, "x-auth-token")).toEqual([world.idp.tokens.at(-1)?.token]);
    expect(headersOf(seen, "authorization")).toEqual(["Bearer mine"]);
    expect(world.idp.requests.length).toBe(2);
  });
});

test("query parameters of a Secret are in no redirect that the client gets, unless it has sent them itself", async () => {
  const secretName = world.secret({ queryParameters: '{"subscription":["of-the-gateway"],"client":["100"]}' });
  const app = world.api({ requestParametersSecretName: secretName });
  await world.settled();
  const follow = async (location: string, query = "") => {
    const answer = await world.call(`/${app}/s/redirect?location=${encodeURIComponent(location)}${query}`);
    return valuesOf(answer, "location")[0];
  };
  expect(echoOf(await world.call(`/${app}/s/x`)).url).toBe("/x?client=100&subscription=of-the-gateway");
  const echoed = "?client=100&subscription=of-the-gateway&b=1";
  expect(await follow(`/next${echoed}`)).toBe(`/${app}/s/next?b=1`);
  expect(await follow(`https://elsewhere/next${echoed}`)).toBe("https://elsewhere/next?b=1");
  const next = (query: string) => `/login?next=${encodeURIComponent(`/next${query}`)}`;
  expect(await follow(next(echoed))).toBe(`/${app}/s${next("?b=1")}`);
  expect(await follow("/next?client=7&b=1", "&client=7")).toBe(`/${app}/s/next?client=7&b=1`);
  expect(await follow("/clients/100")).toBe(`/${app}/s/clients/100`);
});

test("a CSRF token is fetched with whatever the credential is", async () => {
  const csrfInfo = { tokenEndpointURL: `${world.target.url}/csrf/token?x=1` };
  const [inHeader, inQuery] = [
    { apiKey: "header-key", headerName: "X-Key" },
    { apiKey: "query-key", queryName: "key" },
  ].map((data) => {
    const credentials = { type: "ApiKey", secretName: world.secret(data), csrfInfo };
    return world.api({ targetUrl: `${world.target.url}/csrf`, credentials });
  });
  await world.settled();
  for (const app of [inHeader, inQuery]) {
    expect((await world.call(`/${app}/s/echo`, { method: "POST", body: "x" })).status).toBe(200);
  }
  const [first, second] = world.target.requests.list({ method: "GET" });
  expect(headersOf(first ?? { headers: [] }, "x-key")).toEqual(["header-key"]);
  expect([first?.url, second?.url]).toEqual(["/csrf/token?x=1", "/csrf/token?x=1&key=query-key"]);
});

let clients = 0;

/** A client of its own, so that no test meets another's tokens. */
function client(more: Omit<RegisteredClient, "id">): string {
  const id = `client-of-type-${++clients}`;
  world.idp.register({ id, ...more });
  return id;
}

function api(
  type: string,
  data: Record<string, string>,
  authenticationUrl = world.idp.tokenUrl,
  name?: string,
  target: "url" | "mtlsUrl" = "url",
): string {
  const credentials = { type, secretName: world.secret(data, name), authenticationUrl };
  return world.api({ targetUrl: world.target[target] ?? "", credentials });
}
