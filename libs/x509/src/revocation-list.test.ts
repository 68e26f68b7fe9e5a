import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createAuthority, fromPem, type KeyType, RevocationListError, readRevocationList } from "./index.ts";

const day = 86_400_000;
const read = (pem: string) => readRevocationList(fromPem(pem, "X509 CRL")[0] as Buffer);
const serialOf = (pem: string) => new X509Certificate(pem).serialNumber;

describe.each(["rsa", "ec", "ed25519"] as KeyType[])("a list signed with an %s key", (keyType) => {
  const authority = createAuthority({ subject: "CN=CA,O=Example", keyType });
  const other = createAuthority({ subject: "CN=CA,O=Example", keyType });
  const certificate = new X509Certificate(authority.certificate);

  test("names who was taken back, by whom and until when it counts", () => {
    const serials = ["client", "other"].map((name) =>
      serialOf(authority.issue({ subject: `CN=${name}`, usage: ["client"] }).certificate),
    );
    const nextUpdate = new Date(Math.floor(Date.now() / 1000) * 1000 + day);
    const list = read(authority.revocationList({ serials, nextUpdate }));
    expect(list.serials).toEqual(new Set(serials));
    expect(list.nextUpdate).toEqual(nextUpdate);
    expect(list.thisUpdate.getTime()).toBeLessThan(Date.now());
    expect(list.isSignedBy(certificate)).toBe(true);
    expect(list.isSignedBy(new X509Certificate(other.certificate))).toBe(false);
    expect(list.issuer).toBe(read(other.revocationList({ serials: [] })).issuer);
  });

  test("may be empty", () => {
    expect(read(authority.revocationList({ serials: [] })).serials.size).toBe(0);
  });

  test("counts no more when a byte of it was changed", () => {
    const der = fromPem(authority.revocationList({ serials: ["0123456789ABCDEF"] }), "X509 CRL")[0] as Buffer;
    const at = der.indexOf(Buffer.from("0123456789ABCDEF", "hex"));
    der[at] = 0x02;
    const list = readRevocationList(der);
    expect(list.serials).toEqual(new Set(["0223456789ABCDEF"]));
    expect(list.isSignedBy(certificate)).toBe(false);
  });
});

test.each(["0", "7F", "80", "FF00", "1"])("serial number %s is read as Node writes it", (serial) => {
  const authority = createAuthority({ subject: "CN=CA" });
  const expected = serial.length % 2 ? `0${serial}` : serial;
  expect(read(authority.revocationList({ serials: [serial] })).serials).toEqual(new Set([expected]));
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["text", Buffer.from("hello")],
  ["an empty sequence", Buffer.of(0x30, 0)],
  ["a certificate", fromPem(createAuthority({ subject: "CN=CA" }).certificate, "CERTIFICATE")[0] as Buffer],
  [
    "half a list",
    (
      fromPem(createAuthority({ subject: "CN=CA" }).revocationList({ serials: ["01"] }), "X509 CRL")[0] as Buffer
    ).subarray(0, 100),
  ],
])("%s is none", (_title, der) => {
  expect(() => readRevocationList(der)).toThrow(RevocationListError);
});

const hasOpenssl = (() => {
  try {
    return execFileSync("openssl", ["version"]).length > 0;
  } catch {
    return false;
  }
})();

if (!hasOpenssl) console.log("no openssl on the PATH: whether it reads the same is not tried");

test.skipIf(!hasOpenssl)("OpenSSL reads the same", () => {
  const authority = createAuthority({ subject: "CN=CA,O=Example" });
  const text = execFileSync("openssl", ["crl", "-noout", "-text"], {
    input: authority.revocationList({ serials: ["ABCDEF"] }),
  }).toString();
  expect(text).toMatch(/Version 2/);
  expect(text).toMatch(/Issuer: O ?= ?Example, CN ?= ?CA/);
  expect(text).toMatch(/Serial Number: ABCDEF/);
});
