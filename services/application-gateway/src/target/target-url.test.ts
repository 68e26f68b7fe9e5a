import { describe, expect, test } from "vitest";
import { parseTargetUrl } from "./target-url.ts";

describe("a target URL", () => {
  test.each([
    ["http://t", { origin: "http://t", host: "t", path: "", query: "" }],
    [
      "https://T.example:8443/Base/?x=1#f",
      { origin: "https://t.example:8443", host: "T.example:8443", path: "/Base/", query: "x=1" },
    ],
    ["http://u:p@t/x", { origin: "http://t", host: "t", path: "/x", query: "" }],
    ["http://t:80", { origin: "http://t", host: "t:80" }],
    ["https://t:443", { origin: "https://t", host: "t:443" }],
    ["http://t:443", { origin: "http://t:443", host: "t:443" }],
    ["http://t:/x", { origin: "http://t", host: "t", path: "/x" }],
    ["HTTP://t", { scheme: "http", origin: "http://t" }],
    ["http://[::1]:90/x", { origin: "http://[::1]:90", hostname: "[::1]", host: "[::1]:90" }],
    ["http://münchen.example/x", { origin: "http://xn--mnchen-3ya.example", host: "xn--mnchen-3ya.example" }],
    ["http://t?x=1", { path: "", query: "x=1" }],
    ["http://t/a b?c d", { path: "/a%20b", query: "c%20d" }],
    ["http://t/a@b:c", { host: "t", path: "/a@b:c" }],
  ])("%s", (text, expected) => {
    expect(parseTargetUrl(text)).toMatchObject(expected);
  });

  test.each([
    "http://[::1",
    " http://t",
    "host:8080/x",
    "localhost:8080",
    "10.0.0.1:8080/x",
    "http://t:port/",
    "http://t/%zz",
    "http://t\n/x",
    ":",
    "http://a b/x",
  ])("%j can't be parsed", (text) => {
    expect(parseTargetUrl(text)).toBe("unparsable");
  });

  test.each([
    "",
    "/x",
    "host/x",
    "http://t:65536",
    "ftp://t/x",
    "mailto:a@b",
    "//t/x",
    "http:///x",
    "http:/t/x",
    "http:t",
    "http://",
    "http://u@/x",
    "http://:80/x",
  ])("%j can't be called", (text) => {
    expect(parseTargetUrl(text)).toBe("uncallable");
  });
});
