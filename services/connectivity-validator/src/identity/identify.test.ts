import { createAuthority } from "@application-connector/x509";
import { describe, expect, test } from "vitest";
import { type CertificateFacts, readCertificate, readingOnce } from "./certificate.ts";
import { evidence, header } from "./fixtures.ts";
import { createIdentify } from "./identify.ts";

const now = Date.parse("2030-06-01T12:00:00Z");
const minute = 60_000;
const at = (offsetMs: number) => new Date(now + offsetMs);
const authority = createAuthority({
  subject: "CN=Test CA",
  notBefore: at(-1000 * minute),
  notAfter: at(1000 * minute),
});
const policy = (certificate: "ignore" | "verify" | "require") =>
  createIdentify({
    elements: { min: 1, max: 2 },
    certificate,
    isTrustedUri: (uri) => uri.startsWith("spiffe://cluster.local/ns/istio-system/"),
  });

describe("validity, with five minutes for clocks that differ", () => {
  const valid = { subject: "CN=std", notBefore: at(-10 * minute), notAfter: at(10 * minute) };
  test.each([
    ["now", now, true],
    ["4 minutes after the end", now + 14 * minute, true],
    ["6 minutes after the end", now + 16 * minute, false],
    ["4 minutes before the beginning", now - 14 * minute, true],
    ["6 minutes before the beginning", now - 16 * minute, false],
  ])("%s", (_title, moment, accepted) => {
    const { header: text, der } = evidence(authority, valid);
    const required = policy("require");
    const expected = accepted ? { commonName: "std" } : { rejected: "certificate_not_valid_now" };
    // Twice: what is remembered must expire as well.
    for (let round = 0; round < 2; round++) expect(required.fromHeader(text, moment)).toMatchObject(expected);
    expect(policy("verify").fromHeader(text, moment)).toMatchObject({ commonName: "std" });
    expect(required.fromCertificate(der, moment)).toMatchObject(expected);
  });

  test("what was valid when first seen is refused once it has expired", () => {
    const { header: text, der } = evidence(authority, valid);
    const required = policy("require");
    expect(required.fromHeader(text, now)).toMatchObject({ commonName: "std" });
    expect(required.fromCertificate(der, now)).toMatchObject({ commonName: "std" });
    expect(required.fromHeader(text, now + 60 * minute)).toMatchObject({ rejected: "certificate_not_valid_now" });
    expect(required.fromCertificate(der, now + 60 * minute)).toMatchObject({ rejected: "certificate_not_valid_now" });
  });
});

test("a repeated header is answered from memory with the very same identity", () => {
  const identify = policy("require");
  const { header: text } = evidence(authority, { subject: "CN=std" });
  const copy = Buffer.from(text).toString("latin1");
  expect(identify.fromHeader(copy, now)).toBe(identify.fromHeader(text, now));
});

test("a refused header is refused again, and a similar one is not mixed up with it", () => {
  const identify = policy("verify");
  for (let round = 0; round < 2; round++) {
    expect(identify.fromHeader(`${header("CN=std")},`, now)).toMatchObject({ rejected: "malformed_header" });
    expect(identify.fromHeader(header("CN=std"), now)).toMatchObject({ commonName: "std" });
    expect(identify.fromHeader(header("CN=Std"), now)).toMatchObject({ commonName: "Std" });
  }
});

test("bytes that are no certificate identify nobody", () => {
  expect(policy("require").fromCertificate(new Uint8Array([0x30, 0x00]), now)).toMatchObject({
    rejected: "certificate_unreadable",
  });
});

describe("a certificate is read once, however many clients there are", () => {
  const clients = Array.from({ length: 3_000 }, (_, at) =>
    evidence(authority, { subject: `CN=client-${at}`, key: authority.key }),
  );
  function counting() {
    let reads = 0;
    const read = (der: Uint8Array): CertificateFacts | undefined => {
      reads++;
      return readCertificate(der);
    };
    const settings = { elements: { min: 1, max: 2 }, certificate: "require", isTrustedUri: () => true } as const;
    return { identify: createIdentify(settings, readingOnce(read)), reads: () => reads };
  }

  test("in headers, also when their texts are too many to be remembered", () => {
    const { identify, reads } = counting();
    for (let round = 0; round < 3; round++)
      for (const [at, { header: text }] of clients.entries())
        expect(identify.fromHeader(text, Date.now())).toMatchObject({ commonName: `client-${at}` });
    expect(reads()).toBe(clients.length);
  });

  test("from connections, each of which brings bytes of its own", () => {
    const { identify, reads } = counting();
    for (let round = 0; round < 2; round++)
      for (const [at, { der }] of clients.entries())
        expect(identify.fromCertificate(Buffer.from(der), Date.now())).toMatchObject({ commonName: `client-${at}` });
    expect(reads()).toBe(clients.length);
  });
});
