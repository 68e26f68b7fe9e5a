import { X509Certificate } from "node:crypto";
import { type Authority, createAuthority, fromPem, readRevocationList } from "@application-connector/x509";
import { describe, expect, test } from "vitest";
import { parseDenyList } from "./deny-list.ts";
import { createTrust, type Trust } from "./trust.ts";

const [one, two] = [createAuthority({ subject: "CN=One" }), createAuthority({ subject: "CN=Two" })];
const middle = one.intermediate("CN=Middle");
const namesake = createAuthority({ subject: "CN=One" });
const read = (pem: string) => new X509Certificate(pem);
const client = (authority: Authority, name = "client") =>
  read(authority.issue({ subject: `CN=${name}`, usage: ["client"] }).certificate);
const listOf = (authority: Authority, ...revoked: X509Certificate[]) =>
  readRevocationList(
    fromPem(
      authority.revocationList({ serials: revoked.map(({ serialNumber }) => serialNumber) }),
      "X509 CRL",
    )[0] as Buffer,
  );
const trust = (authorities: Authority[], lists: ReturnType<typeof listOf>[] = [], denied = ""): Trust =>
  createTrust(
    authorities.map(({ certificate }) => read(certificate)),
    lists,
    parseDenyList(denied),
  );

const before = trust([one, two]);

describe("who came under an authority", () => {
  test("is kept as long as it is there", () => {
    expect(trust([one, two]).keeps(client(one), before)).toBe(true);
    expect(trust([one]).keeps(client(one), before)).toBe(true);
    expect(trust([two]).keeps(client(one), before)).toBe(false);
  });
  test("is not kept for another authority of the same name", () => {
    expect(trust([namesake, two]).keeps(client(one), before)).toBe(false);
  });
  test("is kept by one below it that is in the bundle as well, as long as the root is", () => {
    expect(trust([one, middle]).keeps(client(middle), before)).toBe(true);
    expect(trust([two, middle]).keeps(client(middle), before)).toBe(false);
  });
  test("below an authority that only the client knew is kept while nothing is stricter than before", () => {
    const unseen = client(middle);
    expect(trust([one, two]).keeps(unseen, before)).toBe(true);
    expect(trust([one, two, createAuthority({ subject: "CN=Three" })]).keeps(unseen, before)).toBe(true);
    expect(trust([one]).keeps(unseen, before)).toBe(false);
    expect(trust([one, two], [listOf(two, client(two))]).keeps(unseen, before)).toBe(false);
    expect(trust([one, two], [listOf(two)]).keeps(unseen, before)).toBe(true);
  });
});

describe("who was taken back", () => {
  const [good, bad] = [client(one, "good"), client(one, "bad")];
  test("is not kept", () => {
    const now = trust([one, two], [listOf(one, bad), listOf(two)]);
    expect([now.keeps(good, before), now.keeps(bad, before)]).toEqual([true, false]);
  });
  test("is somebody else, if another authority's list has the number", () => {
    expect(trust([one, two], [listOf(one), listOf(two, bad)]).keeps(bad, before)).toBe(true);
  });
  test("may be an authority on the way", () => {
    expect(trust([one, middle], [listOf(one, read(middle.certificate))]).keeps(client(middle), before)).toBe(false);
  });
  test("below an authority that only the client knew is told by the list alone", () => {
    const unseen = client(middle);
    expect(trust([one, two], [listOf(middle, unseen)]).keeps(unseen, before)).toBe(false);
  });
  test("and let in again is kept", () => {
    const strict = trust([one, two], [listOf(one, bad)]);
    expect(trust([one, two], [listOf(one)]).keeps(bad, strict)).toBe(true);
  });
});

test("who is denied is neither admitted nor kept", () => {
  const [good, bad] = [client(one, "good"), client(one, "bad")];
  const now = trust([one], [], `serial:${bad.serialNumber}\nsubject:CN=other`);
  expect([now.admits(good), now.admits(bad)]).toEqual([true, false]);
  expect([now.keeps(good, before), now.keeps(bad, before)]).toEqual([true, false]);
  expect(before.admits(bad)).toBe(true);
});

test("two authorities that signed each other lead nowhere, and that is found out", () => {
  const first = createAuthority({ subject: "CN=A" });
  const second = first.intermediate("CN=B");
  const key = { key: second.key, certificate: second.certificate };
  const bundle = [key.certificate];
  expect(createTrust(bundle.map(read), [], parseDenyList("")).keeps(client(second), before)).toBe(false);
});

test("many connections of few certificates are looked at in no time", () => {
  const certificates = Array.from({ length: 50 }, (_, at) => client(one, `c${at}`));
  const now = trust([one]);
  const began = performance.now();
  for (let round = 0; round < 1_000; round++) for (const certificate of certificates) now.keeps(certificate, before);
  expect(performance.now() - began).toBeLessThan(5_000);
});
