import { expect, test } from "vitest";
import { parseSecretName } from "./secret-name.ts";

test.each([
  ["a/b", "a", "b"],
  ["b", "default", "b"],
  ["/b", "default", "b"],
  ["b/", "default", "b"],
  ["/", "default", ""],
  ["", "default", ""],
])("%j is namespace %j and name %j", (text, namespace, name) => {
  expect(parseSecretName(text)).toEqual({ namespace, name });
});
