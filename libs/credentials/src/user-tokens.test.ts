import { createHmac, generateKeyPairSync } from "node:crypto";
import { exportJWK, type JWTPayload } from "jose";
import { describe, expect, test } from "vitest";
import { as, client, issuer, jwks, pair, sign, userToken } from "./test-users.ts";
import { callOf, credentialOf, giveToken, prove, settingsOf, tokenServer } from "./test-world.ts";

describe("one user for all calls", () => {
  test("OAuthPassword asks with the user's name and password", async () => {
    const idp = await tokenServer();
    const data = { ...client, username: "ü", password: "p w", tokenAuthMethod: "post", scope: "s" };
    const credential = credentialOf("OAuthPassword", data, { tokenUrl: idp.url });
    expect((await prove(credential)).headers).toEqual(["Authorization", "Bearer t"]);
    await prove(credential);
    expect(idp.requests.map(({ body }) => body)).toEqual([
      "client_id=c&client_secret=a+client%27s+secret&grant_type=password&password=p+w&scope=s&username=%C3%BC",
    ]);
    expect(credential.userOf).toBeUndefined();
  });

  test("OAuthRefreshToken asks with the latest token that it was given, and with that of the Secret again when it must", async () => {
    let next = 0;
    const idp = await tokenServer(({ form }, response) => {
      if (form["refresh_token"] === "next-2") return response.writeHead(400).end('{"error":"invalid_grant"}');
      return giveToken("t", { expires_in: 0, refresh_token: `next-${++next}` })({} as never, response);
    });
    const data = { ...client, tokenAuthMethod: "none", refreshToken: "first" };
    const credential = credentialOf("OAuthRefreshToken", data, { tokenUrl: idp.url });
    for (let round = 0; round < 3; round++) await prove(credential);
    const used = idp.requests.map(({ form }) => [form["grant_type"], form["refresh_token"]].join(" "));
    expect(used).toEqual(["first", "next-1", "next-2", "first"].map((token) => `refresh_token ${token}`));
  });
});

test("a refresh token that is good for one use is used by one API after the other", async () => {
  let valid = "first";
  let next = 0;
  const idp = await tokenServer(({ form }, response) => {
    if (form["refresh_token"] !== valid) return response.writeHead(400).end('{"error":"invalid_grant"}');
    valid = `next-${++next}`;
    return giveToken(`t${next}`, { refresh_token: valid })({} as never, response);
  });
  const settings = settingsOf({ tokenUrl: idp.url });
  const data = { ...client, refreshToken: "first" };
  // They differ in how long tokens are used, and have tokens of their own therefore.
  const sent = [1, 2, 3, 4].map(async (nr) => {
    const credential = credentialOf("OAuthRefreshToken", data, { ...settings, defaultLifeMs: nr * 1_000 });
    return (await prove(credential)).headers[1];
  });
  expect(await Promise.all(sent)).toEqual(["Bearer t1", "Bearer t2", "Bearer t3", "Bearer t4"]);
  expect(idp.requests.length).toBe(4);
});

describe.each([
  {
    type: "OAuthJwtBearer",
    more: {},
    form: (token: string) => ({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: token }),
  },
  {
    type: "OAuthTokenExchange",
    more: { actorToken: "a", actorTokenType: "urn:a", requestedTokenType: "urn:r", audience: "x" },
    form: (token: string) => ({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: token,
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
      requested_token_type: "urn:r",
      actor_token: "a",
      actor_token_type: "urn:a",
      audience: "x",
    }),
  },
])("$type", ({ type, more, form }) => {
  const data = { ...client, tokenAuthMethod: "none", ...more };

  test("gives the user's token to the token endpoint, and what it gets for it to the target", async () => {
    const idp = await tokenServer();
    const credential = credentialOf(type, data, { tokenUrl: idp.url });
    const token = await userToken();
    for (const clientHeaders of [
      ["authorization", `bearer ${token}`],
      ["X-User-Token", token, "Authorization", "Basic bWluZQ=="],
      ["X-User-Token", `Bearer ${token}`],
    ]) {
      expect((await prove(credential, { clientHeaders })).headers).toEqual(["Authorization", "Bearer t"]);
    }
    expect(idp.requests.map((request) => request.form)).toEqual([{ client_id: "c", ...form(token) }]);
    expect(credential.replaces).toEqual(["authorization", "x-user-token"]);
  });

  test("never gives one user what another was given", async () => {
    let given = 0;
    const idp = await tokenServer((received, response) => giveToken(`t${++given}`)(received, response));
    const credential = credentialOf(type, data, { tokenUrl: idp.url });
    const tokens = [await userToken({ sub: "ada" }), await userToken({ sub: "eve" })];
    const calls = [...tokens, ...tokens].map(async (token) => (await prove(credential, as(token))).headers[1]);
    expect(await Promise.all(calls)).toEqual(["Bearer t1", "Bearer t2", "Bearer t1", "Bearer t2"]);
    const [ada, eve] = tokens.map((token) => credential.userOf?.(callOf(as(token))));
    expect(ada).not.toBe(eve);
    credential.refused(callOf({ ...as(tokens[0] ?? ""), headers: ["Authorization", "Bearer t1"] }));
    expect((await prove(credential, as(tokens[0] ?? ""))).headers[1]).toBe("Bearer t3");
    expect((await prove(credential, as(tokens[1] ?? ""))).headers[1]).toBe("Bearer t2");
  });

  test("keeps no token longer than the user's own lives", async () => {
    const idp = await tokenServer(giveToken("t", { expires_in: 3600 }));
    const credential = credentialOf(type, data, { tokenUrl: idp.url });
    const short = as(await userToken({ exp: Math.floor(Date.now() / 1000) + 1 }));
    await prove(credential, short);
    await prove(credential, short);
    expect(idp.requests.length).toBe(2);
  });

  test("takes a refused grant for the user's mistake, and nothing else", async () => {
    const errors = ["invalid_grant", "invalid_client"];
    const idp = await tokenServer((_, response) => response.writeHead(400).end(`{"error":"${errors.shift()}"}`));
    const credential = credentialOf(type, data, { tokenUrl: idp.url });
    await expect(prove(credential, as("one"))).rejects.toMatchObject({ code: "USER_TOKEN_REFUSED", status: 401 });
    await expect(prove(credential, as("two"))).rejects.toMatchObject({ code: "TOKEN_REQUEST_FAILED", status: 502 });
  });

  test.each([
    [[]],
    [["Authorization", "Basic bWluZQ=="]],
    [["X-User-Token", "a b", "Authorization", "Bearer other"]],
    [["Authorization", "Bearer "]],
    [["X-User-Token", "x".repeat(70_000)]],
  ])("answers 401 for a call without a user: %j", async (clientHeaders) => {
    const credential = credentialOf(type, data);
    await expect(prove(credential, { clientHeaders })).rejects.toMatchObject({
      code: "USER_TOKEN_MISSING",
      status: 401,
    });
    expect(credential.userOf?.(callOf({ clientHeaders }))).toBeUndefined();
  });
});

describe("a user's token that is checked first", () => {
  test("opens when a trusted key has signed it for us", async () => {
    const idp = await tokenServer();
    const credential = credentialOf(
      "OAuthJwtBearer",
      { ...client, ...issuer, userTokenJwks: jwks },
      { tokenUrl: idp.url },
    );
    expect((await prove(credential, as(await userToken()))).headers[1]).toBe("Bearer t");
    const nameless = await sign({}, pair.privateKey, { alg: "ES256" });
    expect((await prove(credential, as(nameless))).headers[1]).toBe("Bearer t");
  });

  test("is looked for among all keys when it does not say which", async () => {
    const keys = [generateKeyPairSync("ec", { namedCurve: "P-256" }), pair];
    const userTokenJwks = JSON.stringify({
      keys: await Promise.all(keys.map(({ publicKey }) => exportJWK(publicKey))),
    });
    const idp = await tokenServer();
    const credential = credentialOf("OAuthJwtBearer", { ...client, ...issuer, userTokenJwks }, { tokenUrl: idp.url });
    const nameless = await sign({}, pair.privateKey, { alg: "ES256" });
    expect((await prove(credential, as(nameless))).headers[1]).toBe("Bearer t");
    const other = await sign({}, generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, { alg: "ES256" });
    await expect(prove(credential, as(other))).rejects.toMatchObject({ code: "USER_TOKEN_REFUSED" });
  });

  test("is checked for each API by those that it trusts, whatever others let pass", async () => {
    const idp = await tokenServer();
    const settings = settingsOf({ tokenUrl: idp.url });
    const checking = (more: object) => credentialOf("OAuthJwtBearer", { ...client, ...more }, settings);
    const strict = checking({ ...issuer, userTokenJwks: jwks });
    const foreign = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const foreignKeys = JSON.stringify({ keys: [{ ...(await exportJWK(foreign.publicKey)), kid: "k" }] });
    const token = await sign({}, foreign.privateKey);
    for (const others of [{}, { ...issuer, userTokenJwks: foreignKeys }]) {
      expect((await prove(checking(others), as(token))).headers[1]).toBe("Bearer t");
      await expect(prove(strict, as(token))).rejects.toMatchObject({ code: "USER_TOKEN_REFUSED" });
    }
    const forAnother = await userToken({ aud: "another" });
    await prove(checking({ ...issuer, userTokenAudience: "another", userTokenJwks: jwks }), as(forAnother));
    await expect(prove(strict, as(forAnother))).rejects.toMatchObject({ code: "USER_TOKEN_REFUSED" });
  });

  const nowS = Math.floor(Date.now() / 1000);
  const parts = (header: object, claims: object): string =>
    [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const good = { iss: "https://idp", aud: "gateway", sub: "ada", exp: nowS + 300 };

  test.each<[string, () => string | Promise<string>]>([
    ["is signed by somebody else", () => sign({}, generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey)],
    ["names a key that is not there", () => sign({}, pair.privateKey, { alg: "ES256", kid: "other" })],
    ["is from somebody else", () => userToken({ iss: "https://other" })],
    ["is for somebody else", () => userToken({ aud: "other" })],
    ["has ended", () => userToken({ exp: nowS - 61 })],
    ["has no end", () => userToken({ exp: undefined } as unknown as JWTPayload)],
    ["is not valid yet", () => userToken({ nbf: nowS + 120 })],
    ["is not signed", () => `${parts({ alg: "none" }, good)}.`],
    [
      "is signed with the public key as if it were a secret",
      () => {
        const text = parts({ alg: "HS256", kid: "k" }, good);
        return `${text}.${createHmac("sha256", jwks).update(text).digest("base64url")}`;
      },
    ],
    ["is no JWT", () => "opaque"],
  ])("gets nowhere when it %s", async (_, make) => {
    const idp = await tokenServer();
    const credential = credentialOf(
      "OAuthJwtBearer",
      { ...client, ...issuer, userTokenJwks: jwks },
      { tokenUrl: idp.url },
    );
    await expect(prove(credential, as(await make()))).rejects.toMatchObject({
      code: "USER_TOKEN_REFUSED",
      status: 401,
    });
    expect(idp.requests).toEqual([]);
  });

  test("is checked with keys that are fetched once, and not again for every key that somebody makes up", async () => {
    const keys = await tokenServer((_, response) => response.end(jwks));
    const idp = await tokenServer();
    const data = { ...client, ...issuer, userTokenJwksUrl: keys.url };
    const credential = credentialOf("OAuthJwtBearer", data, { tokenUrl: idp.url });
    for (let round = 0; round < 3; round++) {
      await prove(credential, as(await userToken({ jti: String(round) })));
      const unknown = await sign({}, pair.privateKey, { alg: "ES256", kid: `made-up-${round}` });
      await expect(prove(credential, as(unknown))).rejects.toMatchObject({ code: "USER_TOKEN_REFUSED" });
    }
    expect(keys.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(idp.requests.length).toBe(3);
  });

  test.each(["no JSON", "{}", '{"keys":[1]}'])(
    "can't be checked with %j, which is nobody's fault but the owner's",
    async (body) => {
      const keys = await tokenServer((_, response) => response.end(body));
      const credential = credentialOf("OAuthJwtBearer", { ...client, ...issuer, userTokenJwksUrl: keys.url });
      const failure = prove(credential, as(await userToken()));
      await expect(failure).rejects.toMatchObject({ code: "TOKEN_REQUEST_FAILED", status: 502 });
      await expect(failure).rejects.toThrow(`failed to get the keys of '${keys.url}': no key set`);
    },
  );
});

test.each([
  ["OAuthPassword", { username: "u" }, "no key 'password'"],
  ["OAuthRefreshToken", {}, "no key 'refreshToken'"],
  ["OAuthTokenExchange", { actorToken: "hidden" }, "no key 'actorTokenType'"],
])("a mistake in the Secret of %s is named: %j", (type, more, named) => {
  const mistake = (): unknown => credentialOf(type, { ...client, ...more });
  expect(mistake).toThrow(expect.objectContaining({ status: 500, message: expect.stringContaining(named) }));
});
