import { createAuthority, parseXfcc, type XfccElement } from "@application-connector/x509";
import { describe, expect, test } from "vitest";
import { readCertificate, readingOnce } from "./certificate.ts";
import { type CertificatePolicy, identifyClient } from "./evidence.ts";
import { anyHash, encodePem, evidence } from "./fixtures.ts";

const authority = createAuthority({ subject: "CN=Test CA" });
const std = evidence(authority, { subject: "CN=std,OU=group,O=tenant" });
const other = evidence(authority, { subject: "CN=other" });
const parsed = (text: string): XfccElement => parseXfcc(text)[0] as XfccElement;
const identify = (text: string, policy: CertificatePolicy) => identifyClient(parsed(text), policy, readCertificate);

const rejectedOr = (result: object) => ("rejected" in result ? result.rejected : "identified");

describe("certificate evidence", () => {
  const bundle = encodePem(std.pem + other.pem);
  const cases: [string, string, Record<CertificatePolicy, string>][] = [
    [
      "no Cert",
      `Hash=${anyHash};Subject="CN=std"`,
      { ignore: "identified", verify: "identified", require: "certificate_missing" },
    ],
    [
      "Cert that is no PEM",
      `Hash=${anyHash};Cert="cert";Subject="CN=std"`,
      { ignore: "identified", verify: "identified", require: "certificate_unreadable" },
    ],
    [
      "Cert with a broken escape",
      `Hash=${anyHash};Cert="%zz";Subject="CN=std"`,
      { ignore: "identified", verify: "identified", require: "certificate_unreadable" },
    ],
    [
      "two certificates",
      `Hash=${std.hash};Cert="${bundle}";Subject="CN=std"`,
      { ignore: "identified", verify: "identified", require: "certificate_unreadable" },
    ],
    [
      "the Hash of another certificate",
      std.element.replace(std.hash, other.hash),
      { ignore: "identified", verify: "certificate_mismatch", require: "certificate_mismatch" },
    ],
    [
      "Cert without Hash",
      std.element.replace(`Hash=${std.hash};`, ""),
      { ignore: "identified", verify: "certificate_mismatch", require: "certificate_missing" },
    ],
    [
      "a Hash that is no digest",
      std.element.replace(std.hash, "hash1"),
      { ignore: "identified", verify: "certificate_mismatch", require: "certificate_missing" },
    ],
    [
      "another CN in the text",
      std.element.replace("CN=std", "CN=victim"),
      { ignore: "identified", verify: "certificate_mismatch", require: "certificate_mismatch" },
    ],
    [
      "PEM around bytes that are no certificate",
      `Hash=${anyHash};Cert="${encodePem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")}";Subject="CN=std"`,
      { ignore: "identified", verify: "certificate_unreadable", require: "certificate_unreadable" },
    ],
    ["everything consistent", std.element, { ignore: "identified", verify: "identified", require: "identified" }],
    [
      "an upper-case Hash",
      std.element.replace(std.hash, std.hash.toUpperCase()),
      { ignore: "identified", verify: "identified", require: "identified" },
    ],
    [
      "no Subject",
      std.element.replace('Subject="CN=std,OU=group,O=tenant";', ""),
      { ignore: "no_subject", verify: "no_subject", require: "no_subject" },
    ],
    [
      "an empty Subject",
      std.element.replace("CN=std,OU=group,O=tenant", ""),
      { ignore: "no_subject", verify: "no_subject", require: "no_subject" },
    ],
  ];
  for (const [title, text, expected] of cases) {
    test.each(Object.entries(expected))(`${title}: %s → %s`, (policy, outcome) => {
      expect(rejectedOr(identify(text, policy as CertificatePolicy))).toBe(outcome);
    });
  }
});

describe("the certificate wins over the text", () => {
  test("O and OU come from it", () => {
    const text = std.element.replace("OU=group,O=tenant", "OU=admin,O=evil");
    expect(identify(text, "verify")).toMatchObject({
      commonName: "std",
      organizations: ["tenant"],
      organizationalUnits: ["group"],
      certSha256: std.hash,
    });
    expect(identify(text, "ignore")).toMatchObject({ organizations: ["evil"] });
  });

  test("a certificate with two common names names nobody, whatever the text says", () => {
    const twice = evidence(authority, { subject: "CN=std,CN=victim" }, "CN=std");
    expect(identify(twice.element, "verify")).toMatchObject({ rejected: "invalid_subject" });
  });
});

test.each(["rsa", "ec", "ed25519"] as const)("certificates with %s keys are read", (keyType) => {
  const certificate = evidence(authority, { subject: "CN=m\\C3\\BCller\\, sons", keyType });
  expect(identify(certificate.element, "require")).toMatchObject({
    commonName: "müller, sons",
    certSha256: certificate.hash,
  });
});

test("a certificate that was read before does not lend its identity to what comes under the same Hash", () => {
  const read = readingOnce();
  expect(identifyClient(parsed(std.element), "require", read)).toMatchObject({ commonName: "std" });
  const foreignHash = std.element.replace(std.hash, other.hash);
  expect(identifyClient(parsed(foreignHash), "require", read)).toMatchObject({ rejected: "certificate_mismatch" });
  const foreignCertificate = other.element.replace(other.hash, std.hash).replace("CN=other", "CN=std");
  expect(identifyClient(parsed(foreignCertificate), "require", read)).toMatchObject({
    rejected: "certificate_mismatch",
  });
});
