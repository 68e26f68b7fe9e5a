import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  type CertificateNeeds,
  expiryOf,
  nextChange,
  planCertificate,
  type ServingCertificate,
} from "./certificate.ts";

const day = 86_400_000;
const start = Date.UTC(2030, 0, 31);
const names = { dnsNames: ["webhook.kyma-system.svc"], ipAddresses: [] };
const first = planCertificate(undefined, { ...names, trusted: "" }, start);
const trusting = (of: ServingCertificate): CertificateNeeds => ({ ...names, trusted: of.authorities });
const authoritiesOf = ({ authorities }: ServingCertificate) => authorities.split("-----BEGIN").length - 1;
const isSignedByNewest = ({ certificate, authorities }: ServingCertificate) =>
  new X509Certificate(certificate).verify(new X509Certificate(authorities).publicKey);

describe("B25 the webhook's certificate", () => {
  test("is for the Service's name, and for ninety days", () => {
    const leaf = new X509Certificate(first.certificate);
    expect(leaf.checkHost("webhook.kyma-system.svc")).toBeDefined();
    expect(leaf.checkHost("elsewhere.svc")).toBeUndefined();
    expect(expiryOf(first)).toBe(start + 90 * day);
    expect(isSignedByNewest(first)).toBe(true);
  });

  test("stays as long as it does", () => {
    for (const days of [0, 1, 59]) expect(planCertificate(first, trusting(first), start + days * day)).toBe(first);
    expect(nextChange(first)).toBeGreaterThan(start + 59 * day);
  });

  test("is replaced when two thirds of its life are over, by the same authority", () => {
    const next = planCertificate(first, trusting(first), start + 61 * day);
    expect(next.authorities).toBe(first.authorities);
    expect(next.certificate).not.toBe(first.certificate);
    expect(expiryOf(next)).toBe(start + 151 * day);
  });

  test.each<[string, Partial<ServingCertificate>]>([
    ["is no certificate", { certificate: "hello" }],
    ["is somebody else's", { certificate: planCertificate(undefined, trusting(first), start).certificate }],
    ["has the wrong key", { key: first.authorityKey }],
    ["has no key", { key: "" }],
  ])("is replaced at once when it %s", (_title, broken) => {
    const next = planCertificate({ ...first, ...broken }, trusting(first), start);
    expect(next.authorities).toBe(first.authorities);
    expect(isSignedByNewest(next)).toBe(true);
    expect(planCertificate(next, trusting(next), start)).toBe(next);
  });

  test("is replaced when the Service is called something else", () => {
    const next = planCertificate(first, { ...trusting(first), dnsNames: ["other.kyma-system.svc"] }, start);
    expect(new X509Certificate(next.certificate).checkHost("other.kyma-system.svc")).toBeDefined();
  });

  test("a new authority is made known before it signs, and the one before is believed until it is over", () => {
    const late = start + 1_300 * day;
    const before = planCertificate(first, trusting(first), late - 100 * day);
    const current = planCertificate(before, trusting(before), late - 1 * day);
    expect(authoritiesOf(current)).toBe(2);
    expect(current.certificate).not.toBe(first.certificate);
    const told = planCertificate(current, { ...names, trusted: first.authorities }, late);
    expect(told.certificate, "API servers do not know the new one yet").toBe(current.certificate);
    const now = planCertificate(current, trusting(current), late);
    expect(isSignedByNewest(now)).toBe(true);
    const years = planCertificate(now, trusting(now), start + 1_826 * day);
    expect(authoritiesOf(years)).toBe(1);
  });

  test("an authority without its key has a successor", () => {
    const next = planCertificate({ ...first, authorityKey: "" }, trusting(first), start);
    expect(authoritiesOf(next)).toBe(2);
    expect(next.certificate).toBe(first.certificate);
  });
});
