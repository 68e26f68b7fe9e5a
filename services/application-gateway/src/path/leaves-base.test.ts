import { describe, expect, test } from "vitest";
import { leavesBase } from "./leaves-base.ts";

describe("a rest that leaves the base path", () => {
  test.each([
    "..",
    "../x",
    "../../admin",
    "%2e%2e/x",
    "%2E%2E",
    ".%2e/x",
    "x/../..",
    "x/../../y",
    "x//../../y",
    "./../x",
    "a%2F..%2F..%2Fx",
    "..%2fx",
    "..;/x",
    "..;v=1/x",
    "..%3b/x",
    "..\\x",
    "a\\..\\..",
    "..%5Cx",
    // Without its parameters the first segment is empty, and empty segments are dropped by many.
    ";/../x",
    "a/;v=1/../../x",
    "%3b/..",
    // What follows is no part of the path for whoever reads it as a URL.
    "..#x",
    "a/../..#x",
  ])("%s", (rest) => {
    expect(leavesBase(rest)).toBe(true);
  });
});

describe("a rest that stays below the base path", () => {
  test.each([
    "",
    "x",
    ".",
    "./x",
    "x/..",
    "x/../y",
    "x/y/../..",
    "..x",
    "x..",
    "...",
    "a..b",
    ".;x",
    "v1.0/file.json",
    "x/%2e%2e/y",
    "%252e%252e/x",
  ])("%s", (rest) => {
    expect(leavesBase(rest)).toBe(false);
  });
});
