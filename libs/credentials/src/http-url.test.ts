import { describe, expect, test } from "vitest";
import { showUrl, splitHttpUrl } from "./http-url.ts";

describe("a URL in parts", () => {
  test.each([
    ["http://h", { origin: "http://h", path: "/", query: undefined }],
    ["https://H:8443/a/../b('x')?y=%zz&q#f", { origin: "https://h:8443", path: "/a/../b('x')", query: "y=%zz&q" }],
    ["http://u:p@h/x", { origin: "http://h", path: "/x", query: undefined }],
    ["http://h?x", { origin: "http://h", path: "/", query: "x" }],
    ["http://h/ü?ü", { origin: "http://h", path: "/%C3%BC", query: "%C3%BC" }],
  ])("%s keeps its bytes", (text, parts) => {
    expect(splitHttpUrl(text)).toEqual(parts);
  });

  test.each(["", "/x", "ftp://h/x", "http://", "h/x"])("%j is none", (text) => {
    expect(splitHttpUrl(text)).toBeUndefined();
  });
});

test.each([
  ["https://user:hidden@h/token?key=hidden#hidden", "https://h/token"],
  ["https://h/token", "https://h/token"],
  ["https://h/users/@me/token", "https://h/users/@me/token"],
  ["not a url", "not a url"],
  // Mistyped, and yet a secret may be in it.
  ["https://user:hid/den@h/token", "https://h/token"],
  ["https://user:hid?den@h/token", "https://h/token"],
  ["http:/user:hidden@h/token", "http:/h/token"],
  ["http:user:hidden@h/token", "http:h/token"],
  ["http:\\\\user:hidden@h/token", "http:\\\\h/token"],
  ["user:hidden@h/token?key=hidden", "h/token"],
])("%s is shown as %s", (text, shown) => {
  expect(showUrl(text)).toBe(shown);
});
