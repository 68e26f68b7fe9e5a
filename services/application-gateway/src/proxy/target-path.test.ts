import { noParameters } from "@application-connector/credentials";
import { describe, expect, test } from "vitest";
import { readRequestTarget } from "../path/request-target.ts";
import { basePath } from "../target/join.ts";
import { parseTargetUrl, type TargetUrl } from "../target/target-url.ts";
import { targetPath } from "./target-path.ts";

describe("the path that a target sees", () => {
  test.each([
    // target path, encodeUrl, request path behind /{app}/{service}, seen
    ["", "any", "", "/"],
    ["", "any", "/", "/"],
    ["/base", "any", "/", "/base"],
    ["/base/", "any", "", "/base/"],
    ["/base", "any", "/x/", "/base/x"],
    ["/base/", "any", "/x/", "/base/x"],
    ["/base", "any", "//x", "/base/x"],
    ["/base/", "any", "//x", "/base/x"],
    ["", "any", "/x//y", "/x//y"],
    ["", "any", "////x", "///x"],
    ["", "any", "///host/y", "//host/y"],
    ["", true, "/hello('%7Cworld%7C')", "/hello%28%27%7Cworld%7C%27%29"],
    ["", false, "/hello('%7Cworld%7C')", "/hello('%7Cworld%7C')"],
    ["", true, "/a%2Fb", "/a/b"],
    ["/base", true, "/%2Fb", "/base/b"],
    ["/base", false, "/a%2Fb", "/base/a%2Fb"],
    ["/base", false, "/a%2fb", "/base/a%2fb"],
    ["", "any", "/a%252Fb", "/a%252Fb"],
    ["", "any", "/a%20b", "/a%20b"],
    ["", "any", "/a+b", "/a+b"],
    ["", "any", "/%E2%82%AC", "/%E2%82%AC"],
    ["", true, "/a;b=c,d!*'()", "/a;b=c,d%21%2A%27%28%29"],
    ["", false, "/a;b=c,d!*'()", "/a;b=c,d!*'()"],
    ["", true, "/[x]", "/%5Bx%5D"],
    ["", false, "/[x]", "/[x]"],
    ["", true, "/%7e", "/~"],
    ["", false, "/%7e", "/%7e"],
    ["", "any", "/x%3Fy", "/x%3Fy"],
    ["", "any", "/x%23y", "/x%23y"],
    ["", "any", "/a%00b", "/a%00b"],
    ["/p/Xyz('1')", "any", "", "/p/Xyz('1')"],
    ["/p/Xyz('1')", true, "/z", "/p/Xyz%28%271%27%29/z"],
    ["/p/Xyz('1')", false, "/z", "/p/Xyz('1')/z"],
    ["/p%2Fq", false, "/z", "/p%2Fq/z"],
    ["/p%2Fq", true, "/z", "/p/q/z"],
    ["/p%2Fq", true, "", "/p%2Fq"],
    ["", false, "/a%2fb\"'c", "/a%2fb\"'c"],
    ["", true, "/a%2fb\"'c", "/a/b%22%27c"],
    ["", "any", "/urn:1/x", "/urn:1/x"],
    ["", "any", "/1:2/x", "/1:2/x"],
    ["", "any", "/:x", "/:x"],
    ["/base", "any", "/x/../y", "/base/x/../y"],
    ["/b c", "any", "/x", "/b%20c/x"],
    ["/ü", "any", "/x", "/%C3%BC/x"],
    ["", false, "/\u00e9", "/\u00e9"],
    ["", true, "/\u00e9", "/%E9"],
  ] as const)("%s, encodeUrl %s, + %s = %s", (base, encodeUrl, path, seen) => {
    for (const mode of encodeUrl === "any" ? [true, false] : [encodeUrl]) expect(sent(base, mode, path)).toBe(seen);
  });

  test.each(["/..", "/../x", "/%2e%2e/x", "/x/../../y"])("is refused when it leaves the base: %s", (path) => {
    for (const mode of [true, false]) expect(sent("/api/v1", mode, path)).toBeUndefined();
  });
});

describe("by annotation, a target sees", () => {
  test.each([
    ["", "", "/"],
    ["", "/", "/"],
    ["", "//", "//"],
    ["/base", "", "/base"],
    ["/base", "/", "/base/"],
    ["/base/", "/", "/base/"],
    ["/base/", "//", "/base//"],
    ["/base", "/x/", "/base/x/"],
    ["/base", "/x//", "/base/x//"],
    ["/base", "/x", "/base/x"],
  ])("the slashes at the end: %s + %s = %s", (base, path, seen) => {
    for (const mode of [true, false]) expect(sent(base, mode, path, [], { keepsTrailingSlash: true })).toBe(seen);
  });

  test.each([
    ["/../x", "/base/../x"],
    ["/x/../../y", "/base/x/../../y"],
  ])("dot segments that leave the base: %s as %s", (path, seen) => {
    for (const mode of [true, false]) expect(sent("/base", mode, path, [], { allowsDotSegments: true })).toBe(seen);
  });
});

describe("the query that a target sees", () => {
  test.each([
    ["?x=1", "?y=2&y=3", "?x=1&y=2&y=3"],
    ["", "?a=%zz&b=1;c=2", "?a=%zz&b=1;c=2"],
    ["?x=1", "", "?x=1"],
    ["?x=1", "?", "?x=1"],
    ["", "?", "?"],
    ["", "", ""],
    ["?b=2&a=1", "?c", "?b=2&a=1&c"],
    ["?x=a b", "?y", "?x=a%20b&y"],
  ])("target %j, request %j: %j", (own, search, seen) => {
    expect(sent(`/base${own}`, true, `/z${search}`)).toBe(`/base/z${seen}`);
  });

  test.each([
    ["", "?k=v+1&x=zz"],
    ["?k=mine", "?k=mine&x=zz"],
    ["?y", "?k=v+1&x=zz&y="],
    ["?b=%zz&a;b&c=%26", "?c=%26&k=v+1&x=zz"],
    ["?x=&k=1&k=2", "?k=1&k=2&x="],
  ])("is merged with what a Secret adds: %j", (search, seen) => {
    const query = [
      ["k", ["v 1"]],
      ["x", ["zz"]],
    ] as const;
    expect(sent("/base", true, `/z${search}`, query)).toBe(`/base/z${seen}`);
  });
});

function sent(
  base: string,
  encodeUrl: boolean,
  path: string,
  query: readonly (readonly [string, readonly string[]])[] = [],
  rules: { keepsTrailingSlash?: boolean; allowsDotSegments?: boolean } = {},
) {
  const url = parseTargetUrl(`http://target${base}`) as TargetUrl;
  const named = readRequestTarget(`/a/s${path}`, 2);
  if (named === undefined) throw new Error(`${path} names no API`);
  const parameters = { ...noParameters, query };
  const api = { keepsTrailingSlash: false, allowsDotSegments: false, ...rules };
  return targetPath({ url, base: basePath(url.path, encodeUrl), encodeUrl, parameters, ...api }, named);
}
