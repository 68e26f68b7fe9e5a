import { expect, test } from "vitest";
import { isNamed, lowerName } from "./field-names.ts";

test.each(["content-length", "Content-Length", "CONTENT-LENGTH", "cONTENT-lENGTH"])("%s is content-length", (name) => {
  expect(isNamed(name, "content-length")).toBe(true);
});

test.each([
  "content-lengths",
  "content-lengt",
  "content\rlength",
  "content_length",
  "\u0143ontent-length",
  "Xontent-length",
])("%j is not content-length", (name) => {
  expect(isNamed(name, "content-length")).toBe(false);
});

test("no other byte counts as a letter of a name", () => {
  for (let code = 0; code < 256; code += 1) {
    const character = String.fromCharCode(code);
    for (const letter of "akz-")
      expect(isNamed(character, letter)).toBe(character === letter || character === letter.toUpperCase());
  }
});

test("names are lower-cased alike whether they were seen before or not, however many there are", () => {
  for (const time of [1, 2]) {
    for (let number = 0; number < 2_000; number += 1)
      expect(lowerName(`X-Name-${number}`), `${time}`).toBe(`x-name-${number}`);
  }
});
