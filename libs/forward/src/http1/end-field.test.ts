import { expect, test } from "vitest";
import { endField } from "./end-field.ts";

test.each([
  [["A"], ["A", ""]],
  [
    ["A", "b"],
    ["A", "b"],
  ],
  [
    ["A", "b \t "],
    ["A", "b"],
  ],
  [
    ["A", " \t "],
    ["A", ""],
  ],
  [
    ["A", "b c "],
    ["A", "b c"],
  ],
  [
    ["A", "b ", "C", "d "],
    ["A", "b ", "C", "d"],
  ],
  [[], []],
])("%j becomes %j", (headers, ended) => {
  const given = [...headers];
  endField(given);
  expect(given).toEqual(ended);
});
