import { expect, test } from "vitest";
import { renewalIsDue } from "./renewal.ts";

const now = Date.parse("2030-01-01T00:00:00Z");
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test.each([
  { title: "with all of it left", notBefore: now, notAfter: now + 2000 * hourMs, minimal: 10, is: false },
  { title: "at its end", notBefore: now, notAfter: now, minimal: 10, is: true },
  { title: "with a small share left", notBefore: 0, notAfter: now + 3 * hourMs, minimal: 10, is: true },
  { title: "that two rounds would outlast", notBefore: now, notAfter: now + 30 * minuteMs, minimal: 20, is: true },
  { title: "with exactly two rounds left", notBefore: now, notAfter: now + 40 * minuteMs, minimal: 20, is: false },
  { title: "RA-11 with 29 % left", notBefore: now - 71_000, notAfter: now + 29_000, minimal: 0, is: true },
  { title: "RA-11 with 31 % left", notBefore: now - 69_000, notAfter: now + 31_000, minimal: 0, is: false },
  { title: "with exactly the share left", notBefore: now - 70_000, notAfter: now + 30_000, minimal: 0, is: false },
])("a certificate $title: renewed $is", ({ notBefore, notAfter, minimal, is }) => {
  const validity = { notBefore: new Date(notBefore), notAfter: new Date(notAfter) };
  expect(renewalIsDue(validity, { threshold: 0.3, minimalSyncTimeMs: minimal * minuteMs }, now)).toBe(is);
});
