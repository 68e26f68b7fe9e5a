import { describe, expect, onTestFinished, test } from "vitest";
import { type IdentityProviderOptions, startIdentityProvider } from "./index.ts";

const client = { id: "shop", secret: "p:w +%41" };
const grant = { grant_type: "client_credentials" };
const inForm = { ...grant, client_id: client.id, client_secret: client.secret };
const raw = basic(`${client.id}:${client.secret}`);

describe("a client is known", () => {
  test.each([
    { how: "by id and secret in the form", form: inForm, authorization: undefined },
    { how: "by a raw Basic header", form: grant, authorization: raw },
    {
      how: "by a form-encoded Basic header",
      form: grant,
      authorization: basic(`${client.id}:${encodeURIComponent(client.secret).replaceAll("%20", "+")}`),
    },
    { how: "by both at once, as Kyma's gateway does it", form: inForm, authorization: raw },
    {
      how: "by the id in the form and the secret in the header",
      form: { ...grant, client_id: "shop" },
      authorization: raw,
    },
  ])("$how", async ({ form, authorization }) => {
    const provider = await start();
    const { status, body } = await post(provider.tokenUrl, form, authorization);
    expect([status, body["token_type"], body["expires_in"]]).toEqual([200, "Bearer", 3600]);
    expect(provider.isValid(String(body["access_token"]))).toBe(true);
  });
});

describe("a request is refused", () => {
  test.each([
    { why: "without client", form: grant, status: 401, error: "invalid_client" },
    { why: "with a wrong secret", form: { ...inForm, client_secret: "no" }, status: 401, error: "invalid_client" },
    { why: "with an unknown client", form: { ...inForm, client_id: "x" }, status: 401, error: "invalid_client" },
    { why: "without secret", form: { ...grant, client_id: "shop" }, status: 401, error: "invalid_client" },
    {
      why: "with two clients",
      form: { ...inForm, client_id: "x" },
      authorization: raw,
      status: 401,
      error: "invalid_client",
    },
    { why: "with another scheme", form: inForm, authorization: "Bearer x", status: 401, error: "invalid_client" },
    { why: "without grant type", form: { ...inForm, grant_type: "" }, status: 400, error: "invalid_request" },
    {
      why: "with another grant",
      form: { ...inForm, grant_type: "authorization_code" },
      status: 400,
      error: "unsupported_grant_type",
    },
  ])("$why", async ({ form, authorization, status, error }) => {
    const provider = await start();
    const answer = await post(provider.tokenUrl, form, authorization);
    expect([answer.status, answer.body["error"]]).toEqual([status, error]);
    expect(JSON.stringify(answer.body)).not.toContain(client.secret);
    expect(provider.tokens).toEqual([]);
  });

  test("with a parameter that is there twice", async () => {
    const { tokenUrl } = await start();
    const answer = await post(tokenUrl, [...Object.entries(inForm), ["grant_type", "client_credentials"]]);
    expect([answer.status, answer.body["error"]]).toEqual([400, "invalid_request"]);
  });

  test("with another content type or method", async () => {
    const { tokenUrl } = await start();
    const json = await fetch(tokenUrl, { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
    expect(json.status).toBe(400);
    expect((await fetch(tokenUrl)).status).toBe(405);
  });
});

test("tokens remember scope, audience and resource, from form or query", async () => {
  const provider = await start();
  const a = await post(`${provider.tokenUrl}?scope=A`, inForm);
  const b = await post(provider.tokenUrl, { ...inForm, scope: "B", audience: "api", resource: "r" });
  expect(provider.tokenRecord(String(a.body["access_token"]))).toMatchObject({ clientId: "shop", scope: "A" });
  expect(provider.tokenRecord(String(b.body["access_token"]))).toMatchObject({
    scope: "B",
    audience: "api",
    resource: "r",
  });
});

test.each([undefined, 0, -5, "300", 3600.5])("expires_in says %s when told", async (lifetime) => {
  const provider = await start({ tokenLifetimeS: lifetime });
  const { body } = await post(provider.tokenUrl, inForm);
  expect(body["expires_in"]).toBe(lifetime);
  expect(provider.isValid(String(body["access_token"]))).toBe(true);
});

test("tokens end with their life and when they are revoked", async () => {
  const provider = await start({ tokenLifetimeS: 0.05 });
  const short = String((await post(provider.tokenUrl, inForm)).body["access_token"]);
  await expect.poll(() => provider.isValid(short)).toBe(false);
  provider.tokenLifetimeS = 300;
  const long = String((await post(provider.tokenUrl, inForm)).body["access_token"]);
  expect(provider.isValid(long)).toBe(true);
  provider.revokeAll();
  expect(provider.isValid(long)).toBe(false);
  expect(provider.isValid("made up")).toBe(false);
});

test("introspection tells the state of a token to known clients only", async () => {
  const provider = await start();
  const token = String((await post(provider.tokenUrl, { ...inForm, scope: "read" })).body["access_token"]);
  const active = await post(provider.introspectionUrl, { token }, raw);
  expect(active.body).toMatchObject({ active: true, client_id: "shop", scope: "read" });
  provider.revokeAll();
  expect((await post(provider.introspectionUrl, { token }, raw)).body).toEqual({ active: false });
  expect((await post(provider.introspectionUrl, { token })).status).toBe(401);
});

test("requests are recorded as they came", async () => {
  const provider = await start();
  await post(`${provider.tokenUrl}?tenant=1`, inForm, raw);
  expect(provider.requests).toHaveLength(1);
  expect(provider.requests[0]).toMatchObject({
    method: "POST",
    url: "/oauth/token?tenant=1",
    form: inForm,
    query: { tenant: "1" },
  });
  expect(provider.requests[0]?.headers).toContainEqual(["authorization", raw]);
});

async function start(options: IdentityProviderOptions = {}) {
  const provider = await startIdentityProvider({ clients: [client], ...options });
  onTestFinished(() => provider.stop());
  return provider;
}

async function post(url: string, form: Record<string, string> | [string, string][], authorization?: string) {
  const headers = authorization === undefined ? {} : { authorization };
  const response = await fetch(url, { method: "POST", headers, body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString("base64")}`;
}
