import { expect, test } from "vitest";
import { parseBindAddress } from "./bind-address.ts";

test.each([
  [":8080", { host: undefined, port: 8080 }],
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
  ["[::1]:8081", { host: "::1", port: 8081 }],
  ["0", { host: undefined, port: -1 }],
  ["8080", undefined],
  [":70000", undefined],
  ["a:b:1", undefined],
])("%s", (text, address) => {
  expect(parseBindAddress(text)).toEqual(address);
});
