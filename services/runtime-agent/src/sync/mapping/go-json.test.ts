import { expect, test } from "vitest";
import { goJson } from "./go-json.ts";

test.each([
  [{ "X-B": ["1"], "X-A": ["a&b", "<c>"] }, '{"X-A":["a\\u0026b","\\u003cc\\u003e"],"X-B":["1"]}'],
  [{}, "{}"],
  [{ a: null, b: [] }, '{"a":null,"b":[]}'],
  [{ a: ["\u2028\u2029"] }, '{"a":["\\u2028\\u2029"]}'],
  [{ a: ['"\\/\n\r\t\b\f\u0001\u007f'] }, '{"a":["\\"\\\\/\\n\\r\\t\\u0008\\u000c\\u0001\u007f"]}'],
  [
    { "\u{1F600}": ["astral"], "\uFFFD": ["last of the plane"] },
    '{"\uFFFD":["last of the plane"],"\u{1F600}":["astral"]}',
  ],
  [{ a: ["half \ud800 pair"] }, '{"a":["half \uFFFD pair"]}'],
  [{ ü: ["日本"] }, '{"ü":["日本"]}'],
])("RA-22 RA-32 %j", (lists, text) => {
  expect(goJson(lists)).toBe(text);
});
