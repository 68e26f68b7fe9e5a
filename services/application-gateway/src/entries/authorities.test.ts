import { createAuthority } from "@application-connector/x509";
import { describe, expect, test } from "vitest";
import { authoritiesIn } from "./authorities.ts";

const [one, other] = ["CN=one", "CN=other"].map((subject) => createAuthority({ subject }).certificate.trim());

describe("the authorities in a Secret", () => {
  test.each([
    ["one", { ca: `${one}\n` }, `${one}\n`],
    ["several, whatever stands around them", { ca: `# trust\n${one}\r\ntext\n${other}` }, `${one}\n${other}\n`],
    ["under the second name", { "ca.crt": one }, `${one}\n`],
    ["the first name first", { "ca.crt": other, ca: one }, `${one}\n`],
    ["none", { username: "u" }, undefined],
  ])("%s", (_, data, pem) => {
    expect(authoritiesIn(secret(data), "ca", "ca.crt")).toBe(pem);
  });

  test.each([
    ["", "key 'ca' holds no certificate"],
    ["-----BEGIN CERTIFICATE-----", "key 'ca' holds no certificate"],
    ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "key 'ca' holds a certificate that can't be read"],
  ])("must be some: %j", (ca, text) => {
    expect(() => authoritiesIn(secret({ ca }), "ca")).toThrow(`secret 'trust': ${text}`);
  });

  test("are read in a time that grows with their size only", () => {
    const ca = "-----BEGIN CERTIFICATE-----".repeat(20_000);
    const before = performance.now();
    expect(() => authoritiesIn(secret({ ca }), "ca")).toThrow("holds no certificate");
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

function secret(texts: Record<string, string | undefined>) {
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text ?? "").toString("base64")]);
  return { name: "trust", data: Object.fromEntries(data) };
}
