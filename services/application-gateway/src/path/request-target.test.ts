import { describe, expect, test } from "vitest";
import { readRequestTarget } from "./request-target.ts";

describe("a request target with application and service", () => {
  test.each([
    ["/a/s", { application: "a", service: "s", rest: "", search: "" }],
    ["/a/s/", { application: "a", service: "s", rest: "", search: "" }],
    ["//a/s//", { application: "a", service: "s", rest: "", search: "" }],
    ["/a/s/x/y/", { application: "a", service: "s", rest: "x/y", search: "" }],
    ["/a/s/x?q=/1/", { application: "a", service: "s", rest: "x", search: "?q=/1/" }],
    ["/a/s?", { application: "a", service: "s", rest: "", search: "?" }],
    ["/a/s//x", { application: "a", service: "s", rest: "/x", search: "" }],
    ["/a/s////x", { application: "a", service: "s", rest: "///x", search: "" }],
    ["/a//s/x", { application: "a", service: "", rest: "s/x", search: "" }],
    ["/a/s/a%2Fb", { application: "a", service: "s", rest: "a%2Fb", search: "" }],
    ["/a%20b/s", { application: "a%20b", service: "s", rest: "", search: "" }],
  ])("%s", (url, expected) => {
    expect(readRequestTarget(url, 2)).toMatchObject({ ...expected, entry: "", authority: "" });
  });

  test("in absolute form keeps its authority apart", () => {
    expect(readRequestTarget("http://gw:8080/a/s/x?y", 2)).toMatchObject({
      authority: "http://gw:8080",
      application: "a",
      service: "s",
      rest: "x",
      search: "?y",
    });
  });

  test.each([
    "/",
    "//",
    "/a",
    "/a/",
    "*",
    "a/s",
    "",
    "/a/s/%zz",
    "/a/s/%4",
    "/%/s",
    "/a/s/x y",
    "/a/s/\u007f",
    "/a/s\t",
  ])("%j names no API", (url) => {
    expect(readRequestTarget(url, 2)).toBeUndefined();
  });

  test("may have a query that is no valid encoding", () => {
    expect(readRequestTarget("/a/s?a=%zz&b;c", 2)).toMatchObject({ search: "?a=%zz&b;c" });
  });
});

describe("a request target with an entry", () => {
  test.each([
    ["/a/s/e", { service: "s", entry: "e", rest: "" }],
    ["/a/s/e/x/y/", { service: "s", entry: "e", rest: "x/y" }],
    ["/a/s//x", { service: "s", entry: "", rest: "x" }],
  ])("%s", (url, expected) => {
    expect(readRequestTarget(url, 3)).toMatchObject({ application: "a", ...expected });
  });

  test.each(["/a/s", "/a/s/", "/a"])("%j names no API", (url) => {
    expect(readRequestTarget(url, 3)).toBeUndefined();
  });
});
