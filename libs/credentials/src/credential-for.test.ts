import { describe, expect, test } from "vitest";
import { credentialFor } from "./credential-for.ts";
import { fingerprint } from "./fingerprint.ts";
import { TokenCache } from "./token-cache.ts";

const settings = { tokenUrl: "http://idp/token", skipVerify: false, timeoutMs: 1_000, tokens: new TokenCache() };

describe("Basic", () => {
  test.each([
    ["u", "p:w", "Basic dTpwOnc="],
    ["u", "", "Basic dTo="],
    ["ü", " ", "Basic w7w6IA=="],
  ])("for %j and %j is %s", (username, password, value) => {
    const headers: string[] = [];
    void credentialFor("Basic", secret({ username, password }), settings).authorize(headers);
    expect(headers).toEqual(["Authorization", value]);
  });

  test("takes the place of what the client sends", () => {
    expect(credentialFor("Basic", secret({ username: "u", password: "p" }), settings).replaces).toEqual([
      "authorization",
    ]);
  });
});

describe("a Secret that lacks something", () => {
  test.each([
    ["Basic", {}, "no key 'username'"],
    ["Basic", { username: "u" }, "no key 'password'"],
    ["Basic", { username: "", password: "" }, "empty"],
    ["OAuth", { clientSecret: "hidden" }, "no key 'clientId'"],
    ["OAuth", { clientId: "c" }, "no key 'clientSecret'"],
    ["OAuth", { clientId: "c", clientSecret: "" }, "empty key 'clientSecret'"],
    ["OAuthWithCert", { clientId: "c" }, "no key 'crt'"],
    ["OAuthWithCert", { clientId: "c", crt: "x" }, "no key 'key'"],
    ["CertificateGen", { key: "hidden" }, "no key 'crt'"],
  ])("for %s is named with its key: %j", (type, data, named) => {
    const mistake = (): unknown => credentialFor(type, secret(data), settings);
    expect(mistake).toThrow(
      expect.objectContaining({ code: "SECRET_INVALID", message: expect.stringContaining(named) }),
    );
    expect(mistake).toThrow(/secret 'crm'/);
    expect(mistake).not.toThrow(/hidden/);
  });

  test("for a certificate is named when it is no PEM", () => {
    const mistake = (): unknown => credentialFor("CertificateGen", secret({ crt: "hidden", key: "hidden" }), settings);
    expect(mistake).toThrow(/^Failed to prepare certificate, secret 'crm'/);
    expect(mistake).not.toThrow(/hidden/);
  });
});

test("a certificate that begins again and again and never ends is refused at once", () => {
  const crt = "-----BEGIN CERTIFICATE-----\n".repeat(40_000);
  const key = "-----BEGIN PRIVATE KEY-----\n".repeat(40_000);
  const startedAt = performance.now();
  for (const data of [
    { crt, key },
    { crt: `${crt}-----END CERTIFICATE-----`, key },
  ]) {
    expect(() => credentialFor("CertificateGen", secret(data), settings)).toThrow(/^Failed to prepare certificate/);
  }
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test("an unknown type adds nothing", () => {
  const headers: string[] = [];
  expect(credentialFor("Foo", secret({}), settings).authorize(headers)).toBeUndefined();
  expect(headers).toEqual([]);
});

test("a fingerprint tells tuples apart that look alike when joined", () => {
  expect(fingerprint("ab", "c")).not.toBe(fingerprint("a", "bc"));
  expect(fingerprint("a", "b")).toBe(fingerprint("a", "b"));
});

function secret(texts: Record<string, string>) {
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  return { name: "crm", data: Object.fromEntries(data) as Record<string, string> };
}
