import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type JWTVerifyOptions, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { credentialOf, giveToken, prove, secretOf, settingsOf, tokenServer } from "./test-world.ts";
import { tokenClient } from "./token-client.ts";

const texts = { clientId: "c&d", clientSecret: "s +" };
const both = `Basic ${Buffer.from("c&d:s +").toString("base64")}`;

describe("a client proves itself to the token endpoint", () => {
  test.each([
    ["both", "client_id=c%26d&client_secret=s+%2B&grant_type=client_credentials", both],
    ["basic", "client_id=c%26d&grant_type=client_credentials", both],
    ["post", "client_id=c%26d&client_secret=s+%2B&grant_type=client_credentials", undefined],
    ["none", "client_id=c%26d&grant_type=client_credentials", undefined],
  ])("by %s", async (tokenAuthMethod, body, authorization) => {
    const [request] = await requests("OAuth", { ...texts, tokenAuthMethod });
    expect([request?.body, request?.headers.authorization]).toEqual([body, authorization]);
  });

  test.each([
    ["RS256", generateKeyPairSync("rsa", { modulusLength: 2048 }), {}],
    ["PS384", generateKeyPairSync("rsa", { modulusLength: 2048 }), { signingAlgorithm: "PS384" }],
    ["ES256", generateKeyPairSync("ec", { namedCurve: "P-256" }), {}],
    ["ES512", generateKeyPairSync("ec", { namedCurve: "P-521" }), {}],
    ["EdDSA", generateKeyPairSync("ed25519"), {}],
  ])("by an assertion that its key has signed with %s, another for each request", async (alg, pair, more) => {
    const signingKey = pemOf(pair.privateKey);
    const idp = await tokenServer(giveToken("t", { expires_in: 0 }));
    const credential = credentialOf(
      "OAuthPrivateKeyJwt",
      { clientId: "c", signingKey, keyId: "k1", ...more },
      { tokenUrl: `${idp.url}?tenant=1` },
    );
    for (let round = 0; round < 2; round++) {
      expect((await prove(credential)).headers).toEqual(["Authorization", "Bearer t"]);
    }
    const ids = await Promise.all(
      idp.requests.map(async ({ form, headers }) => {
        expect(headers.authorization).toBeUndefined();
        expect({ ...form, client_assertion: "" }).toEqual({
          client_id: "c",
          client_assertion: "",
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          grant_type: "client_credentials",
        });
        const expected: JWTVerifyOptions = { issuer: "c", subject: "c", audience: idp.url, algorithms: [alg] };
        const { payload, protectedHeader } = await jwtVerify(form["client_assertion"] ?? "", pair.publicKey, expected);
        expect(protectedHeader).toMatchObject({ alg, kid: "k1", typ: "JWT" });
        expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
        return payload.jti;
      }),
    );
    expect(new Set(ids).size).toBe(2);
  });

  test("by an assertion whose key is its secret, which is not sent", async () => {
    const clientSecret = "a secret of at least thirty-two bytes";
    const [request] = await requests("OAuthClientSecretJwt", { clientId: "c", clientSecret, assertionAudience: "idp" });
    expect(request?.body).not.toContain("client_secret=");
    const { payload } = await jwtVerify(request?.form["client_assertion"] ?? "", Buffer.from(clientSecret), {
      audience: "idp",
      algorithms: ["HS256"],
    });
    expect(payload.sub).toBe("c");
  });
});

describe("a token request carries what its Secret adds", () => {
  test("in its form, each value by itself", async () => {
    const [request] = await requests("OAuth", {
      ...texts,
      tokenAuthMethod: "basic",
      scope: "read write",
      audience: "https://api",
      resource: "urn:r",
      bodyParameters: '{"tenant":"a&b","claim":["1","2"]}',
    });
    expect(request?.body).toBe(
      "audience=https%3A%2F%2Fapi&claim=1&claim=2&client_id=c%26d&grant_type=client_credentials&resource=urn%3Ar&scope=read+write&tenant=a%26b",
    );
  });
});

test("AG-41 everything that decides over a token tells its key from others", () => {
  const long = "a secret of at least thirty-two bytes";
  const keys = [
    {},
    { clientId: "other" },
    { clientSecret: "other" },
    { scope: "a" },
    { audience: "a" },
    { resource: "a" },
    { bodyParameters: '{"x":["a","b"]}' },
    { bodyParameters: '{"x":["ab"]}' },
    { headers: '{"x":["a"]}' },
    { queryParameters: '{"x":["a"]}' },
    { tokenAuthMethod: "basic" },
    { tokenAuthMethod: "post" },
    { tokenAuthMethod: "client_secret_jwt", clientSecret: long },
    { tokenAuthMethod: "client_secret_jwt", clientSecret: long, assertionAudience: "a" },
    { tokenAuthMethod: "private_key_jwt", signingKey: pemOf(generateKeyPairSync("ed25519").privateKey) },
    { tokenAuthMethod: "private_key_jwt", signingKey: pemOf(generateKeyPairSync("ed25519").privateKey) },
  ].map((more) => keyOf({ ...texts, ...more }));
  const others = [
    keyOf(texts, { tokenUrl: "http://other" }),
    keyOf(texts, { skipVerify: true }),
    keyOf(texts, { ca: "x" }),
  ];
  expect(new Set([...keys, ...others]).size).toBe(keys.length + others.length);
  expect(keyOf(texts)).toBe(keys[0]);
});

test.each([
  [{ tokenAuthMethod: "other" }, "'tokenAuthMethod': one of both, basic, post, none,"],
  [{ tokenAuthMethod: "private_key_jwt" }, "no key 'signingKey'"],
  [{ tokenAuthMethod: "client_secret_jwt" }, "'clientSecret': is too short to sign with; HS256 needs 32 bytes"],
  [{ tokenAuthMethod: "private_key_jwt", signingKey: "hidden" }, "key 'signingKey' holds no private key"],
  [
    { tokenAuthMethod: "private_key_jwt", signingKey: pemOf(generateKeyPairSync("x25519").privateKey) },
    "'signingKey': is of a kind that can't sign tokens",
  ],
  [
    {
      tokenAuthMethod: "private_key_jwt",
      signingKey: pemOf(generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey),
    },
    "'signingKey': is too short",
  ],
  [
    {
      tokenAuthMethod: "private_key_jwt",
      signingKey: pemOf(generateKeyPairSync("ed25519").privateKey),
      signingAlgorithm: "HS256",
    },
    "'signingAlgorithm': must be one of EdDSA, Ed25519",
  ],
])("a mistake in it is named: %j", (more, why) => {
  const mistake = (): unknown => credentialOf("OAuth", { ...texts, ...more });
  expect(mistake).toThrow(expect.objectContaining({ status: 500, message: expect.stringContaining(why) }));
  expect(mistake).not.toThrow(/hidden|s \+/);
});

test("an answer without a token tells what the endpoint says, when everybody may know it", async () => {
  const idp = await tokenServer(({ form }, response) => {
    response.writeHead(400).end(JSON.stringify({ error: form["scope"], error_description: "hidden" }));
  });
  const said = async (scope: string) => {
    const credential = credentialOf("OAuth", { ...texts, scope }, { tokenUrl: idp.url });
    return await prove(credential).catch(({ message }: Error) => message);
  };
  expect(await said("invalid_grant")).toBe(
    `incorrect response code '400' while getting token from ${idp.url} (invalid_grant)`,
  );
  expect(await said("hidden")).toBe(`incorrect response code '400' while getting token from ${idp.url}`);
});

async function requests(type: string, secret: Record<string, string>) {
  const idp = await tokenServer();
  await prove(credentialOf(type, secret, { tokenUrl: idp.url }));
  return idp.requests;
}

function keyOf(secret: Record<string, string>, settings: object = {}): string {
  return tokenClient("OAuth", secretOf(secret), settingsOf(settings), "both").keyOf();
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
