import { expect, test } from "vitest";
import { parseElementCount } from "./element-count.ts";

test.each([
  ["2", { min: 2, max: 2 }],
  ["1-2", { min: 1, max: 2 }],
  ["3-8", { min: 3, max: 8 }],
])("%s", (text, count) => {
  expect(parseElementCount(text)).toEqual(count);
});

test.each(["", "0", "9", "1-9", "2-1", "1-", "-2", "1,2", " 2", "01"])("%j is no number of elements", (text) => {
  expect(parseElementCount(text)).toBeUndefined();
});
