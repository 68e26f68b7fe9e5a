import { expect, test } from "vitest";
import { parseProxyUrl } from "./proxy-url.ts";

test.each([
  ["none", "none"],
  ["http://proxy:3128", "http://proxy:3128"],
  ["https://Proxy.example/", "https://proxy.example"],
  ["http://[fd00::1]:3128", "http://[fd00::1]:3128"],
  ["http://u:p@proxy:3128", undefined],
  ["http://proxy/path", undefined],
  ["http://proxy?x", undefined],
  ["socks5://proxy", undefined],
  ["proxy:3128", undefined],
  ["http://", undefined],
  ["", undefined],
])("%j is %j", (text, proxy) => {
  expect(parseProxyUrl(text)).toBe(proxy);
});
