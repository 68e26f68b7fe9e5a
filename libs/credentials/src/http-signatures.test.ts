import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signatureBase } from "./signature-base.ts";
import { callOf, credentialOf, prove } from "./test-world.ts";

/** The request of RFC 9421, B.2. */
const example = callOf({
  method: "POST",
  origin: "http://example.com",
  path: "/foo?param=Value&Pet=dog",
  headers: [
    ...["Host", "example.com"],
    ...["Date", "Tue, 20 Apr 2021 02:07:55 GMT"],
    ...["Content-Type", "application/json"],
    ...["Content-Length", "18"],
  ],
});

describe("the examples of RFC 9421", () => {
  test("B.2.5, with an HMAC", () => {
    const key = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
    const parameters = { created: 1618884473, keyid: "test-shared-secret" };
    const { base, input } = signatureBase(example, ["date", "@authority", "content-type"], parameters);
    expect(input).toBe('("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"');
    const signature = createHmac("sha256", Buffer.from(key, "base64")).update(base).digest("base64");
    expect(signature).toBe("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=");
  });

  test("B.2.6, with Ed25519", () => {
    const body = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF";
    const key = createPrivateKey(`-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`);
    const components = ["date", "@method", "@path", "@authority", "content-type", "content-length"];
    const { base } = signatureBase(example, components, { created: 1618884473, keyid: "test-key-ed25519" });
    expect(sign(null, Buffer.from(base), key).toString("base64")).toBe(
      "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
    );
  });
});

test("parts of a request and headers are signed as they go on the wire", () => {
  const call = callOf({
    method: "PUT",
    origin: "https://api.example:8443",
    path: "/a%2fb?x=1&y=%C3%A4",
    headers: ["X-Two", " one ", "x-two", "two", "X-Empty", "", "X-Bytes", "\xc3\xa4"],
  });
  const names = ["@method", "@scheme", "@authority", "@target-uri", "@request-target", "@path", "@query"];
  const { base } = signatureBase(call, [...names, "x-two", "x-empty", "x-bytes", "x-absent", "constructor"], {
    created: 1,
    expires: 2,
    nonce: "n",
    alg: "a",
    keyid: 'a "key" \\',
    tag: "t",
  });
  const covered = [...names, "x-two", "x-empty", "x-bytes"].map((name) => `"${name}"`).join(" ");
  expect(base.split("\n")).toEqual([
    '"@method": PUT',
    '"@scheme": https',
    '"@authority": api.example:8443',
    '"@target-uri": https://api.example:8443/a%2fb?x=1&y=%C3%A4',
    '"@request-target": /a%2fb?x=1&y=%C3%A4',
    '"@path": /a%2fb',
    '"@query": ?x=1&y=%C3%A4',
    '"x-two": one, two',
    '"x-empty": ',
    '"x-bytes": \xc3\xa4',
    `"@signature-params": (${covered});created=1;expires=2;nonce="n";alg="a";keyid="a \\"key\\" \\\\";tag="t"`,
  ]);
});

test("a path without a query has the query ?", () => {
  const { base } = signatureBase(callOf({ path: "/a" }), ["@query"], { created: 1 });
  expect(base).toMatch(/^"@query": \?\n/);
});

test("the blanks within a value are looked at once, and only those around it are left off", () => {
  // What was quadratic took minutes for this.
  const value = `a${" ".repeat(300_000)}b\xa0`;
  const { base } = signatureBase(callOf({ headers: ["X-Long", `\t ${value} `] }), ["x-long"], { created: 1 });
  expect(base.startsWith(`"x-long": ${value}\n`)).toBe(true);
});

describe("HmacSignature", () => {
  const data = { hmacKey: "a shared key", keyId: "k" };

  test("covers method, authority, path, query, type and digest of the body", async () => {
    const headers = ["Host", "target", "Content-Type", "text/plain", "content-digest", "sha-256=:made up:"];
    const call = await prove(credentialOf("HmacSignature", data), {
      method: "POST",
      path: "/a?b",
      headers,
      body: Buffer.from("hello"),
    });
    expect(named(call.headers, "content-digest")).toEqual(["sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:"]);
    const [input = ""] = named(call.headers, "signature-input");
    expect(input).toMatch(
      /^sig1=\("@method" "@authority" "@path" "@query" "content-type" "content-digest"\);created=\d+;alg="hmac-sha256";keyid="k"$/,
    );
    const lines = [
      '"@method": POST',
      '"@authority": target',
      '"@path": /a',
      '"@query": ?b',
      '"content-type": text/plain',
      '"content-digest": sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:',
      `"@signature-params": ${input.slice("sig1=".length)}`,
    ];
    const signature = createHmac("sha256", data.hmacKey).update(lines.join("\n")).digest("base64");
    expect(named(call.headers, "signature")).toEqual([`sig1=:${signature}:`]);
  });

  test.each([
    [{}, undefined, []],
    [{ signedBody: "always" }, undefined, ["sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"]],
    [{ digestAlgorithm: "sha-512" }, "x", [expect.stringMatching(/^sha-512=:.{88}:$/)]],
  ])("with %j digests the body %j as %j", async (more, body, digests) => {
    const credential = credentialOf("HmacSignature", { ...data, ...more });
    expect(credential.signsBody).toBe(true);
    const call = await prove(credential, { body: body === undefined ? undefined : Buffer.from(body) });
    expect(named(call.headers, "content-digest")).toEqual(digests);
    expect(named(call.headers, "signature-input")[0]?.includes("content-digest")).toBe(digests.length > 0);
  });

  test("may leave the body alone, which then need not be known", () => {
    expect(credentialOf("HmacSignature", { ...data, signedBody: "never" }).signsBody).toBe(false);
  });

  test("signs what it is told to, under the name it is told, each time another", async () => {
    const credential = credentialOf("HmacSignature", {
      hmacKey: "k",
      signedComponents: "@target-uri, date",
      signatureLabel: "req",
      signatureTag: "app",
      signatureNonce: "true",
      signatureLifeSeconds: "60",
    });
    const [one, two] = [await prove(credential), await prove(credential)].map(({ headers }) => headers);
    const [input = ""] = named(one ?? [], "signature-input");
    const [, created, expires] =
      /^req=\("@target-uri"\);created=(\d+);expires=(\d+);nonce="[\w-]{22}";/.exec(input) ?? [];
    expect(Number(expires) - Number(created)).toBe(60);
    expect(input).toContain(';tag="app"');
    expect(named(two ?? [], "signature")).not.toEqual(named(one ?? [], "signature"));
  });

  test("takes the place of signatures that the client sends, and needs no promise", () => {
    const credential = credentialOf("HmacSignature", data);
    expect(credential.replaces).toEqual(["signature", "signature-input", "content-digest"]);
    expect(credential.authorize(callOf())).toBeUndefined();
  });
});

describe("PrivateKeySignature", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });

  test.each([
    ["rsa-pss-sha512", rsa, {}, { hash: "sha512", padding: 6, saltLength: 64 }],
    ["rsa-v1_5-sha256", rsa, { signingAlgorithm: "rsa-v1_5-sha256" }, { hash: "sha256" }],
    ["ecdsa-p256-sha256", generateKeyPairSync("ec", { namedCurve: "P-256" }), {}, { hash: "sha256" }],
    ["ecdsa-p384-sha384", generateKeyPairSync("ec", { namedCurve: "P-384" }), {}, { hash: "sha384" }],
    ["ed25519", generateKeyPairSync("ed25519"), {}, { hash: null }],
  ])("signs with %s", async (alg, pair, more, { hash, ...how }) => {
    const signingKey = pemOf(pair.privateKey);
    const credential = credentialOf("PrivateKeySignature", { signingKey, signedComponents: "@method", ...more });
    const { headers } = await prove(credential);
    const input = named(headers, "signature-input")[0]?.slice("sig1=".length) ?? "";
    expect(input).toContain(`;alg="${alg}"`);
    const base = Buffer.from(`"@method": GET\n"@signature-params": ${input}`);
    const signature = Buffer.from(named(headers, "signature")[0]?.slice("sig1=:".length, -1) ?? "", "base64");
    expect(verify(hash, base, { key: pair.publicKey, dsaEncoding: "ieee-p1363", ...how }, signature)).toBe(true);
  });
});

const ec = pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);

test.each([
  ["HmacSignature", {}, "no key 'hmacKey'"],
  ["HmacSignature", { hmacKey: "" }, "empty key 'hmacKey'"],
  ["HmacSignature", { hmacKey: "hidden\n" }, "'hmacKey': it ends with a line break"],
  ["HmacSignature", { hmacKey: "hidden", signedBody: "no" }, "'signedBody': must be one of present, always, never"],
  ["HmacSignature", { hmacKey: "hidden", signedComponents: "@status" }, "'signedComponents': parts are @method"],
  ["HmacSignature", { hmacKey: "hidden", signedComponents: "Date" }, "'signedComponents': names of headers"],
  ["HmacSignature", { hmacKey: "hidden", signedComponents: "host" }, "'host' can't be signed; '@authority' can"],
  ["HmacSignature", { hmacKey: "hidden", signedComponents: "date date" }, "each name once"],
  ["HmacSignature", { hmacKey: "hidden", signedComponents: " " }, "at least one"],
  ["HmacSignature", { hmacKey: "hidden", signatureLabel: "Sig 1" }, "key 'signatureLabel'"],
  ["HmacSignature", { hmacKey: "hidden", keyId: "a\nb" }, "'keyId': must be printable ASCII"],
  ["HmacSignature", { hmacKey: "hidden", signatureLifeSeconds: "0" }, "key 'signatureLifeSeconds'"],
  ["PrivateKeySignature", {}, "no key 'signingKey'"],
  ["PrivateKeySignature", { signingKey: "hidden" }, "key 'signingKey' holds no private key"],
  [
    "PrivateKeySignature",
    { signingKey: pemOf(generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey) },
    "'signingKey': is too short",
  ],
  [
    "PrivateKeySignature",
    { signingKey: pemOf(generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey) },
    "'signingKey': is of a kind that can't sign calls",
  ],
  ["PrivateKeySignature", { signingKey: ec, signingAlgorithm: "RS256" }, "must be one of ecdsa-p256-sha256"],
  ["PrivateKeySignature", { signingKey: ec, signingAlgorithm: "constructor" }, "must be one of ecdsa-p256-sha256"],
])("a mistake in the Secret of %s is named: %j", (type, data, named) => {
  const mistake = (): unknown => credentialOf(type, data);
  expect(mistake).toThrow(expect.objectContaining({ status: 500, message: expect.stringContaining(named) }));
  expect(mistake).not.toThrow(/hidden/);
});

function named(headers: readonly string[], lowerName: string): string[] {
  return headers.filter((_, index) => headers[index - 1]?.toLowerCase() === lowerName && index % 2 === 1);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
