import { createSecureContext } from "node:tls";
import forge from "node-forge";
import { describe, expect, test } from "vitest";
import { createAuthority, fromPem, toPkcs12 } from "./index.ts";

const root = createAuthority({ subject: "CN=Root" });
const middle = root.intermediate("CN=Middle");

describe.each(["rsa", "ec", "ed25519"] as const)("a PKCS#12 file with an %s key", (keyType) => {
  const issued = middle.issue({ subject: "CN=my-app", usage: ["client"], keyType });
  const file = toPkcs12(issued, "pä ss", { chain: middle.chain, friendlyName: "my app, für Tests" });

  test("opens with its password", () => {
    expect(() => createSecureContext({ pfx: file, passphrase: "pä ss" })).not.toThrow();
  });

  test("does not open with another", () => {
    expect(() => createSecureContext({ pfx: file, passphrase: "pa ss" })).toThrow(/mac verify failure/);
  });

  test("does not show the key", () => {
    expect(file.includes(fromPem(issued.key, "PRIVATE KEY")[0] as Buffer)).toBe(false);
  });
});

test("another reader finds the key under its name", () => {
  // An RSA authority: forge reads no other certificates.
  const issued = createAuthority({ subject: "CN=Root", keyType: "rsa" });
  const file = toPkcs12(issued, "secret", { friendlyName: "my app" });
  const { pki, pkcs12, asn1 } = forge;
  const bags = pkcs12
    .pkcs12FromAsn1(asn1.fromDer(file.toString("latin1")), "secret")
    .getBags({ friendlyName: "my app" });
  const [certificate, key] = bags.friendlyName ?? [];
  expect(pki.certificateToPem(certificate?.cert as forge.pki.Certificate).replaceAll("\r", "")).toBe(
    issued.certificate,
  );
  const keyInfo = pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(key?.key as forge.pki.PrivateKey));
  expect(pki.privateKeyInfoToPem(keyInfo).replaceAll("\r", "")).toBe(issued.key);
});

test("a file without a certificate is not made", () => {
  expect(() => toPkcs12({ certificate: "", key: root.key }, "x")).toThrow("no PEM certificate");
});
