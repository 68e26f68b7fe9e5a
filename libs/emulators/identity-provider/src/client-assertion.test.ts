import { generateKeyPairSync, randomUUID } from "node:crypto";
import { type JWTPayload, SignJWT } from "jose";
import { expect, onTestFinished, test } from "vitest";
import { type IdentityProvider, startIdentityProvider } from "./index.ts";

const secret = "a secret of at least thirty-two bytes";
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();

test("a client is known by an assertion that its key has signed, and by one that its secret has signed", async () => {
  const provider = await start();
  expect(await statusOf(provider, await assertion(provider, "keyed"))).toBe(200);
  expect(await statusOf(provider, await assertion(provider, "secretive", {}, Buffer.from(secret)), "secretive")).toBe(
    200,
  );
});

test("an assertion is good for one request", async () => {
  const provider = await start();
  const once = await assertion(provider, "keyed");
  expect([await statusOf(provider, once), await statusOf(provider, once)]).toEqual([200, 401]);
});

test.each<[string, JWTPayload]>([
  ["for another server", { aud: "https://other" }],
  ["of another issuer", { iss: "other" }],
  ["about another client", { sub: "secretive" }],
  ["that has ended", { exp: 1 }],
  ["that never ends", { exp: undefined as unknown as number }],
  ["that lives too long", { exp: Math.floor(Date.now() / 1000) + 3_600 }],
  ["without an id", { jti: undefined as unknown as string }],
])("an assertion %s is refused", async (_, claims) => {
  const provider = await start();
  expect(await statusOf(provider, await assertion(provider, "keyed", claims))).toBe(401);
});

test("an assertion with another key is refused, and one with the public key as an HMAC's", async () => {
  const provider = await start();
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  expect(await statusOf(provider, await assertion(provider, "keyed", {}, stranger))).toBe(401);
  expect(await statusOf(provider, await assertion(provider, "keyed", {}, Buffer.from(publicKey)))).toBe(401);
});

async function start() {
  const clients = [
    { id: "keyed", publicKey },
    { id: "secretive", secret },
  ];
  const provider = await startIdentityProvider({ clients });
  onTestFinished(() => provider.stop());
  return provider;
}

async function assertion(
  { tokenUrl }: IdentityProvider,
  client: string,
  claims: JWTPayload = {},
  key: Parameters<SignJWT["sign"]>[0] = pair.privateKey,
): Promise<string> {
  const nowS = Math.floor(Date.now() / 1000);
  const all = { iss: client, sub: client, aud: tokenUrl, iat: nowS, exp: nowS + 60, jti: randomUUID(), ...claims };
  return await new SignJWT(all).setProtectedHeader({ alg: Buffer.isBuffer(key) ? "HS256" : "ES256" }).sign(key);
}

async function statusOf(
  { tokenUrl }: IdentityProvider,
  client_assertion: string,
  client_id = "keyed",
): Promise<number> {
  const form = {
    grant_type: "client_credentials",
    client_id,
    client_assertion,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  };
  return (await fetch(tokenUrl, { method: "POST", body: new URLSearchParams(form) })).status;
}
