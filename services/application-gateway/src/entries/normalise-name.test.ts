import { describe, expect, test } from "vitest";
import { normaliseName } from "./normalise-name.ts";

const x = (count: number): string => "x".repeat(count);

describe("the path segment of a name", () => {
  test.each([
    ["DisplayName", "displayname"],
    ["display_!@#name", "display-name"],
    ["-----displayname", "displayname"],
    ["1.2.3", "1-2-3"],
    ["Ünïcode", "n-code"],
    ["--a--b--", "a-b"],
    [`${x(57)}zzz`, x(57)],
    [`-${x(60)}`, x(56)],
    [`${x(56)}-y`, `${x(56)}-`],
    ["日本", ""],
    ["", ""],
    ["My Orders API (v2)", "my-orders-api-v2"],
    ["a😀b", "a-b"],
  ])("of %j is %j", (name, segment) => {
    expect(normaliseName(name)).toBe(segment);
  });
});
