import { expect, test } from "vitest";
import { canonicalQuantity } from "./quantity.ts";

test.each([
  ["1000m", "1"],
  ["0.5", "500m"],
  ["100m", "100m"],
  ["1.5Gi", "1536Mi"],
  ["1024Mi", "1Gi"],
  ["128Mi", "128Mi"],
  ["0.1Gi", "107374182400m"],
  ["1000", "1k"],
  ["1500", "1500"],
  ["1500k", "1500k"],
  ["2000k", "2M"],
  ["1e3", "1e3"],
  ["1.5e3", "1500"],
  ["100E", "100E"],
  ["0", "0"],
  ["0Mi", "0"],
  ["-0.5", "-500m"],
  ["+5", "5"],
  [".5", "500m"],
  ["1n", "1n"],
  ["0.1n", "1n"],
  ["wrong", "wrong"],
  ["", ""],
])("%s is written as %s", (text, written) => {
  expect(canonicalQuantity(text)).toBe(written);
});
