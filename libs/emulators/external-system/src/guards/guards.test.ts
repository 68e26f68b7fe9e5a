import { createHash, generateKeyPairSync } from "node:crypto";
import aws4 from "aws4";
import { createSigner, httpbis, type SigningKey } from "http-message-signatures";
import { describe, expect, onTestFinished, test } from "vitest";
import { call } from "../testing/call.ts";
import { startUntil } from "../testing/start.ts";
import { splitGuards } from "./guard.ts";

const start = startUntil(onTestFinished);

test.each([
  ["/echo?x=1", [], "/echo?x=1"],
  ["/basic/echo", ["basic"], "/echo"],
  ["/basic", ["basic"], "/"],
  ["/basic?x", ["basic"], "/?x"],
  ["/basics/echo", [], "/basics/echo"],
  ["/once/401x2/oauth/csrf//a", ["once", "oauth", "csrf"], "//a"],
  ["/once/teapot/echo", [], "/once/teapot/echo"],
  ["*", [], "/*"],
])("%s is split into guards and path", (target, names, rest) => {
  const split = splitGuards(target);
  expect([split.guards.map(({ name }) => name), split.rest]).toEqual([names, rest]);
});

test("Basic opens with exactly its credential", async () => {
  const { url } = await start({ basic: { username: "u", password: "p:w" } });
  const withBasic = (text: string) =>
    call(`${url}/basic/status/200`, { headers: { authorization: `Basic ${Buffer.from(text).toString("base64")}` } });
  expect((await withBasic("u:p:w")).status).toBe(200);
  expect((await withBasic("u:p")).status).toBe(401);
  expect((await call(`${url}/basic/status/200`)).headers["www-authenticate"]).toBe('Basic realm="shop"');
});

test("OAuth opens with a token the verifier knows", async () => {
  const { url } = await start({ verifyToken: (token) => token === "good" });
  const withToken = (token: string) =>
    call(`${url}/oauth/api/v1/orders`, { headers: { authorization: `Bearer ${token}` } });
  expect((await withToken("good")).status).toBe(200);
  expect((await withToken("bad")).status).toBe(401);
});

describe("a signed call", () => {
  test("opens with a signature over it, and with no other", async () => {
    const system = await start();
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    system.signatureKeys.set("shared", { secret: "a key" });
    system.signatureKeys.set("pair", { publicKey: pair.publicKey.export({ type: "spki", format: "pem" }).toString() });
    const keys = {
      shared: createSigner("a key", "hmac-sha256", "shared"),
      other: createSigner("another key", "hmac-sha256", "shared"),
      unknown: createSigner("a key", "hmac-sha256", "unknown"),
      pair: createSigner(pair.privateKey, "ecdsa-p256-sha256", "pair"),
    };
    const parts = ["@method", "@authority", "@path", "@query", "content-digest"];
    const statusOf = async (key: SigningKey, fields: string[], sent = "hello", signed = "hello"): Promise<number> => {
      const digest = `sha-256=:${createHash("sha256").update(signed).digest("base64")}:`;
      const url = `${system.url}/signed/sink?a`;
      const message = { method: "POST", url, headers: { "content-digest": digest } };
      const { headers } = await httpbis.signMessage({ key, fields }, message);
      return (await call(url, { method: "POST", body: sent, headers })).status;
    };
    expect(await statusOf(keys.shared, parts)).toBe(200);
    expect(await statusOf(keys.pair, parts)).toBe(200);
    expect(await statusOf(keys.other, parts)).toBe(401);
    expect(await statusOf(keys.unknown, parts)).toBe(401);
    expect(await statusOf(keys.shared, parts, "hullo")).toBe(401);
    expect(await statusOf(keys.shared, parts.slice(0, 4))).toBe(401);
    expect(await statusOf(keys.shared, parts.slice(1))).toBe(401);
    expect((await call(`${system.url}/signed/sink`)).status).toBe(401);
  });
});

test("AWS's signature opens with the secret of its key, and for what was signed", async () => {
  const system = await start();
  system.awsKeys.set("AKID", "secret");
  const statusOf = async (secretAccessKey: string, sent = "hello", accessKeyId = "AKID"): Promise<number> => {
    const { host } = new URL(system.url);
    const scope = { service: "execute-api", region: "eu-central-1" };
    const headers = { "X-Amz-Meta": "m" };
    const request = { host, method: "POST", path: "/aws/sink?b=2&a=1", body: "hello", headers, ...scope };
    const signed = aws4.sign(request, { accessKeyId, secretAccessKey });
    const options = { method: "POST", body: sent, headers: signed.headers as Record<string, string> };
    return (await call(`${system.url}/aws/sink?b=2&a=1`, options)).status;
  };
  expect(await statusOf("secret")).toBe(200);
  expect(await statusOf("other")).toBe(403);
  expect(await statusOf("secret", "hullo")).toBe(403);
  expect(await statusOf("secret", "hello", "AKIE")).toBe(403);
  expect((await call(`${system.url}/aws/sink`)).status).toBe(403);
});

test("CSRF needs token and session, both of the same user", async () => {
  const system = await start();
  const { url } = system;
  const fetched = await call(`${url}/csrf/token`, {
    headers: { "x-csrf-token": "fetch", authorization: "Basic YQ==" },
  });
  const token = String(fetched.headers["x-csrf-token"]);
  const cookie = fetched.headers["set-cookie"]?.map((line) => line.split(";")[0]).join("; ") ?? "";
  const post = (headers: Record<string, string>) => call(`${url}/csrf/echo`, { method: "POST", body: "x", headers });
  const good = { "x-csrf-token": token, cookie, authorization: "Basic YQ==" };

  expect((await post(good)).status).toBe(200);
  for (const bad of [
    { ...good, cookie: "" },
    { ...good, "x-csrf-token": "other" },
    { ...good, authorization: "Basic Yg==" },
  ]) {
    const refused = await post(bad);
    expect([refused.status, refused.headers["x-csrf-token"]]).toEqual([403, "Required"]);
  }
  system.expireCsrfSessions();
  expect((await post(good)).status).toBe(403);
});

test("once refuses the first requests on a path, then lets them through", async () => {
  const system = await start();
  const statuses = async (path: string, count: number) => {
    const seen: number[] = [];
    for (let index = 0; index < count; index += 1) seen.push((await call(system.url + path)).status);
    return seen;
  };
  expect(await statuses("/once/401/bytes/3", 2)).toEqual([401, 200]);
  expect(await statuses("/once/503x2/bytes/3", 3)).toEqual([503, 503, 200]);
  system.reset();
  expect(await statuses("/once/401/bytes/3", 1)).toEqual([401]);
});
