import { noParameters } from "@application-connector/credentials";
import { describe, expect, test } from "vitest";
import { parseTargetUrl, type TargetUrl } from "../target/target-url.ts";
import { type Redirected, redirectedPath } from "./redirect.ts";

describe("a redirect is followed", () => {
  test.each([
    [301, "/base/y", "/base/y"],
    [302, "y", "/base/y"],
    [303, "http://t/other?q=1#f", "/other?q=1"],
    [307, "http://T:80/y", "/y"],
    [308, "//t/y", "/y"],
    [302, "?q=2", "/base/x?q=2"],
    [302, "/a%2Fb?c=%7e", "/a%2Fb?c=%7e"],
    [302, "/y z", "/y%20z"],
  ])("%d to %s: %s", (status, location, path) => {
    expect(follow({}, status, location)).toBe(path);
    expect(follow({ method: "HEAD" }, status, location)).toBe(path);
  });

  test("with the query parameters of the API's Secret", () => {
    const parameters = { ...noParameters, query: [["key", ["k"]]] as const };
    expect(follow({ parameters }, 302, "/y?a=1")).toBe("/y?a=1&key=k");
    expect(follow({ parameters }, 302, "/y")).toBe("/y?key=k");
  });
});

describe("a redirect is the client's", () => {
  test.each<[string, Given, number, string]>([
    ["of another status", {}, 304, "/y"],
    ["with 201", {}, 201, "/y"],
    ["to another host", {}, 302, "http://else/y"],
    ["to another port", {}, 302, "http://t:81/y"],
    ["to another scheme and path", {}, 302, "https://t/y"],
    ["that can't be read", {}, 302, "http://[::1"],
    ["that says nothing", {}, 302, ""],
    ["of a POST", { method: "POST" }, 307, "/y"],
    ["where it is rewritten", { redirects: "rewrite" }, 302, "/y"],
    ["where it passes", { redirects: "passthrough" }, 302, "https://t/base/x"],
    ["of a POST that becomes a GET", { method: "POST" }, 303, "https://t/base/x"],
  ])("%s", (_, given, status, location) => {
    expect(follow(given, status, location)).toBeUndefined();
  });
});

describe("a redirect in circles is refused", () => {
  test.each<[string, Given, number, string]>([
    ["http to https of the same", {}, 301, "https://t/base/x"],
    ["http to https of the same, rewritten", { redirects: "rewrite" }, 302, "https://T:443/base/x"],
    ["with its query", { path: "/base/x?a=%20" }, 302, "https://t/base/x?a=%20"],
    ["of a POST that stays one", { method: "POST" }, 308, "https://t/base/x"],
  ])("%s", (_, given, status, location) => {
    expect(() => follow(given, status, location)).toThrow(/write targetUrl with 'https:\/\/t'$/);
  });

  test("after five", () => {
    expect(follow({ followed: 4 }, 302, "/y")).toBe("/y");
    expect(() => follow({ followed: 5 }, 302, "/y")).toThrow(/redirects more than 5 times/);
  });
});

interface Given extends Partial<Omit<Redirected, "api">>, Partial<Redirected["api"]> {}

function follow({ method = "GET", path = "/base/x", followed = 0, ...api }: Given, status: number, location: string) {
  const url = parseTargetUrl("http://t/base") as TargetUrl;
  const headers = location === "" ? [] : ["Location", location];
  const given = { url, redirects: "follow" as const, parameters: noParameters, ...api };
  return redirectedPath({ method, path, followed, api: given }, status, headers);
}
