import { describe, expect, test } from "vitest";
import { encodeForm, mergeQuery, parseQuery } from "./query.ts";

describe("a merged query", () => {
  test.each([
    ["", [["k", ["v 1"]]], "k=v+1"],
    [
      "k=mine",
      [
        ["k", ["v"]],
        ["x", ["zz"]],
      ],
      "k=mine&x=zz",
    ],
    ["b=2&a=1", [["c", ["3", "4"]]], "a=1&b=2&c=3&c=4"],
    ["y", [["k", []]], "y="],
    ["a=%zz&b;c=1&d=%7E", [["k", ["~*'"]]], "d=~&k=~%2A%27"],
    ["a=b+c&a=%2B", [["k", ["v"]]], "a=b+c&a=%2B&k=v"],
    ["&&=v&", [["k", ["v"]]], "=v&k=v"],
  ] as const)("of %j and %j is %j", (query, additions, merged) => {
    expect(mergeQuery(query, additions)).toBe(merged);
  });

  test("keeps bytes beyond ASCII", () => {
    expect(encodeForm(parseQuery("n=%C3%BC&m=\u00c3\u00bc"))).toBe("m=%C3%BC&n=%C3%BC");
  });

  test("is not confused by names that objects have", () => {
    expect(mergeQuery("__proto__=1", [["constructor", ["2"]]])).toBe("__proto__=1&constructor=2");
  });
});
