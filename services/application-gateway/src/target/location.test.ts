import { describe, expect, test } from "vitest";
import { rewriteLocation } from "./location.ts";

describe("a Location of the target", () => {
  test.each([
    // target path, sent path, Location, for the client
    ["/base", "/base/redir", "/base/x", "/app/svc/x"],
    ["/base", "/base/redir", "http://t/base/x", "/app/svc/x"],
    ["/base", "/base/redir", "//t/base/x", "/app/svc/x"],
    ["/base", "/base/redir", "https://t:1/base/x", "/app/svc/x"],
    ["/base", "/base/redir", "http://u:p@t/base/x", "/app/svc/x"],
    ["/base", "/base/redir", "http://T/base/x", "/app/svc/x"],
    ["/base", "/base/redir", "x", "/app/svc/x"],
    ["/base", "/base/a/redir?q=1", "../x", "/app/svc/x"],
    ["/base", "/base/redir?q=1", "?r=2", "/app/svc/redir?r=2"],
    // With the query of the client, not with the one that was made of it.
    ["/base", "/base/redir?key=hidden&q=1", "#f", "/app/svc/redir?q=1#f"],
    ["/base", "/base/redir", "http://t/base", "/app/svc"],
    ["/base", "/base/redir", "http://t/base/", "/app/svc/"],
    ["/base", "/base/redir", "http://t/base/x?a=b&c=%20#f", "/app/svc/x?a=b&c=%20#f"],
    ["/base", "/base/redir", "http://t/base/a%2Fb", "/app/svc/a%2Fb"],
    ["/base", "/base/redir", "http://t/base/a/./b//c/", "/app/svc/a/b/c/"],
    ["/base", "/base/redir", "http://t/ba%73e/x", "/app/svc/x"],
    ["/p('1')", "/p('1')/r", "/p%28%271%27%29/x", "/app/svc/x"],
    ["/base/", "/base/redir", "/base/x", "/app/svc/x"],
    ["", "/redir", "http://t", "/app/svc"],
    ["", "/redir", "/x", "/app/svc/x"],
    ["/", "/redir", "/x", "/app/svc/x"],
    ["/", "/redir", "http://t/", "/app/svc/"],
  ])("base %j, sent %s: %s becomes %s", (basePath, sentPath, location, expected) => {
    expect(rewrite(location, basePath, sentPath)).toBe(expected);
  });

  test.each([
    "/other",
    "http://t/base/../x",
    "http://t/base/%2e%2e/x",
    "http://else/base/x",
    "mailto:a@b",
    "::bad",
    "http://t/basement/x",
    "http://t/base%2Fx",
    "http://t/base/%zz",
    "ftp://t/base/x",
    "http:/base/x",
    "",
  ])("%j stays", (location) => {
    expect(rewrite(location, "/base", "/base/redir")).toBe(location);
  });

  test("gets the authority of an absolute-form request", () => {
    const context = { hostname: "t", basePath: "", sentPath: "/r", search: "", prefix: "http://gw:8080/app/svc" };
    expect(rewriteLocation("/x", context)).toBe("http://gw:8080/app/svc/x");
  });
});

function rewrite(location: string, basePath: string, sentPath: string): string {
  return rewriteLocation(location, { hostname: "t", basePath, sentPath, search: "?q=1", prefix: "/app/svc" });
}
