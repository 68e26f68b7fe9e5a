import { generateKeyPairSync } from "node:crypto";
import { type IdentityProvider, startIdentityProvider } from "@application-connector/identity-provider-emulator";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CallOptions, valuesOf } from "./http.ts";
import { ledger } from "./secrecy-ledger.ts";
import { echoOf, errorOf, expectReason, headersOf, until, useWorld } from "./world.ts";

const world = useWorld({ proxyTimeoutMs: 2_000 });
let idp: IdentityProvider;
let signingKey = "";

beforeAll(async () => {
  const signer = world.authority.issue({ subject: "CN=saml", usage: ["client"], keyType: "rsa" });
  signingKey = signer.key;
  idp = await startIdentityProvider({
    users: { ada: "password-of-ada" },
    samlIssuers: [{ issuer: "https://gateway", certificate: signer.certificate }],
    audiences: ["https://idp-audience"],
  });
  return async () => {
    for (const { token } of idp.tokens) ledger.secret(token, "a token of the identity provider for users");
    await idp.stop();
  };
});

beforeEach(() => {
  idp.reset();
  world.target.reset();
});

let clients = 0;

/** A client of its own, so that no test meets another's tokens. */
function client(): { clientId: string; clientSecret: string } {
  const made = { clientId: `client-for-users-${++clients}`, clientSecret: `secret-for-users-${clients}` };
  idp.register({ id: made.clientId, secret: made.clientSecret });
  return made;
}

describe("OAuthPassword", () => {
  test("calls as the user of its Secret, whoever calls", async () => {
    const app = api("OAuthPassword", { ...client(), username: "ada", password: "password-of-ada" });
    await world.settled();
    for (const headers of [[], ["X-User-Token", await userToken("eve")]]) {
      expect(subjectOf(echoOf(await world.call(`/${app}/s`, { headers })))).toBe("ada");
    }
    expect(idp.requests.length).toBe(1);
  });

  test("with a wrong password is 502, and works once the Secret is right", async () => {
    const data = { ...client(), username: "ada", password: "wrong-password" };
    const app = api("OAuthPassword", data, {}, "rotating-password");
    await world.settled();
    const answer = await world.call(`/${app}/s`);
    expect(answer.status).toBe(502);
    expectReason(answer, "token_request_failed");
    expect(errorOf(answer).error).toContain("(invalid_grant)");
    world.secret({ ...data, password: "password-of-ada" }, "rotating-password");
    await until(async () => (await world.call(`/${app}/s`)).status === 200);
  });
});

describe("OAuthRefreshToken", () => {
  test("goes on with the tokens that take the place of its own", async () => {
    const credentials = client();
    const first = idp.refreshTokens.issue(credentials.clientId, "ada");
    idp.refreshTokens.rotates = true;
    const app = api("OAuthRefreshToken", { ...credentials, refreshToken: first });
    await world.settled();
    for (let round = 0; round < 3; round++) {
      expect(subjectOf(echoOf(await world.call(`/${app}/s/once/401/${round}`)))).toBe("ada");
    }
    const used = idp.requests.map(({ form }) => form["refresh_token"]);
    expect(used.length).toBe(4);
    expect(new Set(used).size).toBe(4);
    expect(idp.requests.every(({ status }) => status === 200)).toBe(true);
    for (const token of used) ledger.secret(token ?? "", "a refresh token");
  });

  test("that was revoked is 502, and works once the Secret has another", async () => {
    idp.refreshTokens.rotates = false;
    const credentials = client();
    const app = api("OAuthRefreshToken", { ...credentials, refreshToken: "made-up-token" }, {}, "rotating-refresh");
    await world.settled();
    const answer = await world.call(`/${app}/s`);
    expect(answer.status).toBe(502);
    expectReason(answer, "token_request_failed");
    const refreshToken = idp.refreshTokens.issue(credentials.clientId, "ada");
    world.secret({ ...credentials, refreshToken }, "rotating-refresh");
    await until(async () => (await world.call(`/${app}/s`)).status === 200);
  });
});

const verified = () => ({
  userTokenJwksUrl: idp.jwksUrl,
  userTokenIssuer: idp.userTokens.issuer,
  userTokenAudience: "gateway",
});

describe.each([
  { type: "OAuthJwtBearer", more: () => ({}) },
  { type: "OAuthTokenExchange", more: () => ({ requestedTokenType: "urn:ietf:params:oauth:token-type:jwt" }) },
  {
    type: "OAuthSamlBearer",
    more: () => ({ ...verified(), signingKey, samlIssuer: "https://gateway", samlAudience: "https://idp-audience" }),
  },
])("$type", ({ type, more }) => {
  test("calls as the user whose token the call has, and keeps the tokens of users apart", async () => {
    const app = api(type, { ...client(), ...more() });
    await world.settled();
    const tokens = { ada: await userToken("ada"), eve: await userToken("eve") };
    const calls = Array.from({ length: 20 }, async (_, index) => {
      const user = index % 2 === 0 ? "ada" : "eve";
      const name = index % 4 < 2 ? "X-User-Token" : "Authorization";
      const headers = [name, name === "Authorization" ? `Bearer ${tokens[user]}` : tokens[user]];
      const seen = echoOf(await world.call(`/${app}/s/x`, { headers }));
      expect(subjectOf(seen)).toBe(user);
      expect(headersOf(seen, "x-user-token")).toEqual([]);
      expect(JSON.stringify(seen)).not.toContain(tokens[user]);
    });
    await Promise.all(calls);
    expect(idp.requests.length).toBe(2);
  });

  test("fetches another token for a user whose own the target refuses, and for nobody else", async () => {
    const app = api(type, { ...client(), ...more() });
    await world.settled();
    const [ada, eve] = [await as("ada"), await as("eve")];
    const first = echoOf(await world.call(`/${app}/s/echo`, { headers: eve }));
    await world.call(`/${app}/s/echo`, { headers: ada });
    const options = { headers: ada, method: "POST", body: "the same body" };
    const again = echoOf(await world.call(`/${app}/s/once/401/echo`, options));
    expect([subjectOf(again), again.body.utf8]).toEqual(["ada", "the same body"]);
    expect(idp.requests.length).toBe(3);
    const other = echoOf(await world.call(`/${app}/s/echo`, { headers: eve }));
    expect(headersOf(other, "authorization")).toEqual(headersOf(first, "authorization"));
  });

  test("has a CSRF session for each user", async () => {
    const csrfInfo = { tokenEndpointURL: `${world.target.url}/csrf/token` };
    const app = api(type, { ...client(), ...more() }, { csrfInfo }, undefined, "/csrf");
    await world.settled();
    for (const user of ["ada", "eve", "ada"]) {
      const options = { headers: await as(user), method: "POST", body: "x" };
      expect(subjectOf(echoOf(await world.call(`/${app}/s/echo`, options)))).toBe(user);
    }
    expect(world.target.requests.list({ method: "POST" }).every(({ status }) => status === 200)).toBe(true);
  });

  test.each<[string, () => Promise<CallOptions["headers"]>, string]>([
    ["no token", async () => [], "user_token_missing"],
    ["another kind of authorization", async () => ["Authorization", "Basic bWluZTptaW5l"], "user_token_missing"],
    ["a token that has ended", async () => ["X-User-Token", await userToken("ada", -120)], "user_token_refused"],
    ["a token that somebody else has signed", async () => ["X-User-Token", await foreignToken()], "user_token_refused"],
  ])("answers 401 to %s, and calls nothing", async (_, headers, reason) => {
    const app = api(type, { ...client(), ...more() });
    await world.settled();
    const sent = await headers();
    const answer = await world.call(`/${app}/s`, sent === undefined ? {} : { headers: sent });
    expect(answer.status).toBe(401);
    expectReason(answer, reason);
    expect(valuesOf(answer, "www-authenticate")).toEqual(["Bearer"]);
    expect(world.target.requests.total).toBe(0);
  });

  test("puts its token where the target wants it, and the user's nowhere", async () => {
    const app = api(type, { ...client(), ...more(), headerName: "X-Auth", headerPrefix: "" });
    await world.settled();
    const token = await userToken("ada");
    const seen = echoOf(await world.call(`/${app}/s`, { headers: ["Authorization", `Bearer ${token}`] }));
    expect(headersOf(seen, "authorization")).toEqual([]);
    expect(idp.tokenRecord(headersOf(seen, "x-auth")[0] ?? "")?.subject).toBe("ada");
  });

  test("gives way to a token that the client brings", async () => {
    const app = api(type, { ...client(), ...more() });
    await world.settled();
    const headers = [...(await as("ada")), "Access-Token", "Bearer ext"];
    const seen = echoOf(await world.call(`/${app}/s`, { headers }));
    expect([headersOf(seen, "authorization"), headersOf(seen, "x-user-token")]).toEqual([["Bearer ext"], []]);
    expect(idp.requests).toEqual([]);
  });
});

describe("a user's token that the gateway checks itself", () => {
  test("does not come to the token endpoint when it is for somebody else", async () => {
    const app = api("OAuthJwtBearer", { ...client(), ...verified() });
    await world.settled();
    expect(subjectOf(echoOf(await world.call(`/${app}/s`, { headers: await as("ada") })))).toBe("ada");
    const other = await idp.userTokens.issue("ada", { claims: { aud: "other" } });
    const answer = await world.call(`/${app}/s`, { headers: ["X-User-Token", other] });
    expect(answer.status).toBe(401);
    expectReason(answer, "user_token_refused");
    expect(idp.requests.length).toBe(1);
  });

  test("is not checked with keys from where the gateway may not call", async () => {
    const app = api("OAuthJwtBearer", { ...client(), ...verified(), userTokenJwksUrl: "http://169.254.169.254/jwks" });
    await world.settled();
    expectReason(await world.call(`/${app}/s`, { headers: await as("ada") }), "target_forbidden");
  });

  test("can't be checked while its keys can't be had", async () => {
    const app = api("OAuthJwtBearer", { ...client(), ...verified(), userTokenJwksUrl: `${idp.url}/nothing` });
    await world.settled();
    const answer = await world.call(`/${app}/s`, { headers: await as("ada") });
    expect(answer.status).toBe(502);
    expectReason(answer, "token_request_failed");
  });
});

test("an assertion that the token endpoint does not trust opens nothing, until the Secret has the right key", async () => {
  const other = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const data = { ...client(), ...verified(), samlIssuer: "https://gateway", samlAudience: "https://idp-audience" };
  const app = api("OAuthSamlBearer", { ...data, signingKey: other.privateKey }, {}, "rotating-saml");
  await world.settled();
  const answer = await world.call(`/${app}/s`, { headers: await as("ada") });
  expect(answer.status).toBe(401);
  expect(errorOf(answer).error).toContain("invalid_grant");
  world.secret({ ...data, signingKey }, "rotating-saml");
  await until(async () => (await world.call(`/${app}/s`, { headers: await as("ada") })).status === 200);
});

function api(type: string, data: Record<string, string>, more: object = {}, name?: string, path = ""): string {
  const credentials = { type, secretName: world.secret(data, name), authenticationUrl: idp.tokenUrl, ...more };
  return world.api({ targetUrl: world.target.url + path, credentials });
}

function userToken(user: string, lifetimeS = 300): Promise<string> {
  return idp.userTokens.issue(user, { lifetimeS, claims: { aud: "gateway" } });
}

async function as(user: string): Promise<string[]> {
  return ["X-User-Token", await userToken(user)];
}

/** As good as one of ours, but for its signature. */
async function foreignToken(): Promise<string> {
  const other = await startIdentityProvider();
  const token = await other.userTokens.issue("ada", { claims: { aud: "gateway" } });
  await other.stop();
  return token;
}

function subjectOf(seen: { headers: [string, string][] }): string | undefined {
  const [authorization = "", ...others] = headersOf(seen, "authorization");
  expect(others).toEqual([]);
  return idp.tokenRecord(authorization.replace(/^Bearer /, ""))?.subject;
}
