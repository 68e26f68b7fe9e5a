import { expect, test } from "vitest";
import { decodeHeaderValue } from "./header-value.ts";

test.each([
  ["plain", "plain"],
  ["", ""],
  ["Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"],
  ["%e2%82%ac", "€"],
  ["%41%42", "AB"],
  ["a%25b", "a%b"],
  ["%2525", "%25"],
  ['"quoted"', "quoted"],
  ['"a \\"b\\" \\\\ c"', 'a "b" \\ c'],
  ['"%E2%82%AC"', "€"],
  ['""', ""],
  ['a"b', 'a"b'],
  ["a\\b", "a\\b"],
  ["\u00e2\u0082\u00ac", "€"],
  ["%ef%bb%bfx", "\ufeffx"],
])("%j stands for %j", (value, text) => {
  expect(decodeHeaderValue(value)).toBe(text);
});

test.each([
  ["overlong", "%C0%A0"],
  ["a surrogate", "%ED%A0%80"],
  ["half a character", "%E2%82"],
  ["beyond Unicode", "%F5%80%80%80"],
  ["a lone percent sign", "100%"],
  ["a broken escape", "%4x"],
  ["Latin-1 bytes", "\u00fc"],
  ["half a quoted string", '"abc'],
  ["a quote that ends early", '"a"b'],
  ["a quote that ends early and again", '"a"b"'],
  ["a quoted string that ends in its escape", '"a\\"'],
])("%s stands for nothing", (_title, value) => {
  expect(decodeHeaderValue(value)).toBeUndefined();
});
