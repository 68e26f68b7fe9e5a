import { describe, expect, test } from "vitest";
import { fingerprint } from "./fingerprint.ts";
import { callOf, credentialOf, prove } from "./test-world.ts";

describe("Basic", () => {
  test.each([
    ["u", "p:w", "Basic dTpwOnc="],
    ["u", "", "Basic dTo="],
    ["ü", " ", "Basic w7w6IA=="],
  ])("for %j and %j is %s", async (username, password, value) => {
    const { headers } = await prove(credentialOf("Basic", { username, password }));
    expect(headers).toEqual(["Authorization", value]);
  });

  test("may stand in a header of its own, and then leaves the client's alone", async () => {
    const credential = credentialOf("Basic", { username: "u", password: "p", headerName: "X-Authorization" });
    expect((await prove(credential)).headers).toEqual(["X-Authorization", "Basic dTpw"]);
    expect(credential.replaces).toEqual(["x-authorization"]);
  });

  test("takes the place of what the client sends", () => {
    expect(credentialOf("Basic", { username: "u", password: "p" }).replaces).toEqual(["authorization"]);
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
    const mistake = (): unknown => credentialOf(type, data);
    expect(mistake).toThrow(
      expect.objectContaining({ code: "SECRET_INVALID", message: expect.stringContaining(named) }),
    );
    expect(mistake).toThrow(/secret 'crm'/);
    expect(mistake).not.toThrow(/hidden/);
  });

  test("for a certificate is named when it is no PEM", () => {
    const mistake = (): unknown => credentialOf("CertificateGen", { crt: "hidden", key: "hidden" });
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
    expect(() => credentialOf("CertificateGen", data)).toThrow(/^Failed to prepare certificate/);
  }
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test("an unknown type adds nothing", () => {
  const call = callOf();
  expect(credentialOf("Foo", {}).authorize(call)).toBeUndefined();
  expect(call.headers).toEqual([]);
});

test("a fingerprint tells tuples apart that look alike when joined", () => {
  expect(fingerprint("ab", "c")).not.toBe(fingerprint("a", "bc"));
  expect(fingerprint("a", "b")).toBe(fingerprint("a", "b"));
});
