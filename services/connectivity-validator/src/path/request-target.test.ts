import { describe, expect, test } from "vitest";
import { readTarget } from "./request-target.ts";

describe("a target that may be routed", () => {
  test.each([
    ["/std/events", { path: "/std/events", query: "", decoded: "/std/events", application: "std" }],
    ["/std/", { path: "/std/", query: "", decoded: "/std/", application: "std" }],
    ["/std/events?a=1&b=%20?/..//", { path: "/std/events", query: "?a=1&b=%20?/..//", application: "std" }],
    ["/std/events?", { path: "/std/events", query: "?" }],
    ["/s%74d/v1/events", { path: "/s%74d/v1/events", decoded: "/std/v1/events", application: "std" }],
    ["/std/%2525/%252F", { decoded: "/std/%25/%2F", path: "/std/%2525/%252F" }],
    ["/std/v1/\xfcber/%C3%BC", { path: "/std/v1/\xfcber/%C3%BC", decoded: "/std/v1/\xfcber/\xc3\xbc" }],
    ["http://x/std/events?q", { path: "/std/events", query: "?q", application: "std" }],
    ["HTTPS://user@host:8443/std/events", { path: "/std/events" }],
    ["/.std/..a/a../...", { decoded: "/.std/..a/a../...", application: ".std" }],
  ])("%s", (target, expected) => {
    expect(readTarget(target)).toMatchObject(expected);
  });
});

describe("what no path can be read from", () => {
  test.each([
    "",
    "*",
    "std/events",
    "/std/events#fragment",
    "/std/events?q#fragment",
    "/std\\events",
    "/std/events?a\\b",
    "/std/events\tx",
    "/std/ev ents",
    "/std/\x7f",
    "/std/%",
    "/std/%4",
    "/std/%zz/events",
    "/std/%+4/events",
    "/std/%0x/events",
    "ftp://x/std/events",
    "http:///std/events",
    "http:/std/events",
    "x:8080",
    "http://x\\std/events",
  ])("%j is a bad request", (target) => {
    expect(readTarget(target)).toBe("bad_request");
  });
});

describe("D-07: a path that somebody could read in two ways is refused, not cleaned", () => {
  test.each([
    "//std/events",
    "/std//events",
    "/std/events//",
    "/std/./events",
    "/std/../other/events",
    "/x/../std/events",
    "/std/events/.",
    "/std/events/..",
    "/..",
    "/std/%2e%2e/other/events",
    "/std/.%2E/other",
    "/std%2Fevents/",
    "/std%2fevents/",
    "/std/events%5C",
    "/std/%5c../events",
    "/std%00/events",
    "http://x//std/events",
  ])("%s", (target) => {
    expect(readTarget(target)).toBe("not_canonical");
  });
});

test.each(["/", "/std", "/?a=/b/", "/std?x=/events/", "http://x", "http://x?/std/events"])(
  "%s names no application",
  (target) => {
    expect(readTarget(target)).toBe("not_found");
  },
);

test("a long hostile path takes linear time", () => {
  const startedAt = performance.now();
  for (const piece of ["/.", "%2e", "/..a", "a/", "%"]) readTarget(`/${piece.repeat(40_000)}`);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
