import { expect, test } from "vitest";
import { isUri, isUriReference } from "./uri.ts";

// Of RFC 3986: the examples of sections 1.1.2 and 5.4, and what its grammar leaves out.

test.each([
  "ftp://ftp.is.co.za/rfc/rfc1808.txt",
  "http://www.ietf.org/rfc/rfc2396.txt",
  "ldap://[2001:db8::7]/c=GB?objectClass?one",
  "mailto:John.Doe@example.com",
  "news:comp.infosystems.www.servers.unix",
  "tel:+1-816-555-1212",
  "telnet://192.0.2.16:80/",
  "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
  "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
  "https://user:pw@host:8080/a//b;c=1/?q=/?#f/?",
  "file:///etc/hosts",
  "a:",
  "http://host/%C3%BC",
])("%s is a URI", (text) => {
  expect([isUri(text), isUriReference(text)]).toEqual([true, true]);
});

test.each([
  "std",
  "dotted.app-1",
  "/default/io.kyma-project/id",
  "//host/path",
  "./a:b",
  "a/b:c",
  "../..",
  "?query",
  "#fragment",
  "g;x=1/../y",
  "sensors/tn-1234567/alerts",
  "1-555-123-4567",
  "%41",
])("%s is a relative reference, but no URI", (text) => {
  expect([isUri(text), isUriReference(text)]).toEqual([false, true]);
});

test.each([
  "",
  " ",
  "a b",
  "ü",
  "a\\b",
  "<a>",
  '"a"',
  "a{b}",
  "a|b",
  "a^b",
  "a`b",
  "%",
  "%4",
  "%zz",
  "a#b#c",
  "1:2",
  ":a",
  "a[b]",
  "http://[::1",
  "http://host:port/",
  "http://a[b]/",
])("%j is neither", (text) => {
  expect([isUri(text), isUriReference(text)]).toEqual([false, false]);
});

test("a long text costs no more than its length", () => {
  const began = performance.now();
  for (const piece of ["a", "/", "%41", "@", ":", "//a", "a/", "?", "!"]) {
    isUriReference(`x:${piece.repeat(200_000)}\\`);
    isUriReference(`${piece.repeat(200_000)}\\`);
  }
  expect(performance.now() - began).toBeLessThan(5_000);
});
