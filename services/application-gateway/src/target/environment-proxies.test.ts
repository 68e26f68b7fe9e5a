import { describe, expect, test } from "vitest";
import { environmentProxies, proxyMistake } from "./environment-proxies.ts";

const given = { httpProxy: "http://plain:3128", httpsProxy: "http://secure:3128", noProxy: "" };

describe("a forward proxy of the environment", () => {
  test.each([
    ["http://t", "http://plain:3128"],
    ["https://t", "http://secure:3128"],
    ["https://t:8443", "http://secure:3128"],
    ["http://localhost:80", undefined],
    ["http://127.0.0.1:8080", undefined],
    ["http://[::1]:8080", undefined],
  ])("for %s is %s", (origin, proxy) => {
    expect(environmentProxies(given)(origin)?.origin).toBe(proxy);
  });

  test.each([
    ["t.example", "https://t.example", true],
    ["t.example", "https://a.t.example", true],
    ["t.example", "https://at.example", false],
    [".t.example", "https://t.example", false],
    [".t.example", "https://a.t.example", true],
    ["*.t.example", "https://a.t.example", true],
    ["T.Example", "https://t.example", true],
    ["t.example:8443", "https://t.example:8443", true],
    ["t.example:8443", "https://t.example", false],
    ["t.example:443", "https://t.example", true],
    ["10.0.0.0/8", "https://10.1.2.3", true],
    ["10.0.0.0/8", "https://11.1.2.3", false],
    ["10.1.2.3", "https://10.1.2.3:9", true],
    ["10.1.2.3:9", "https://10.1.2.3:8", false],
    ["fd00::/8", "https://[fd12::1]", true],
    ["[fd12::1]:443", "https://[fd12::1]", true],
    ["fd12::1", "https://[fd12::1]", true],
    ["a, b ,,t.example", "https://t.example", true],
    ["svc cluster.local", "https://x.cluster.local", true],
    ["*", "https://t.example", true],
    ["t.example", "https://t.example.", true],
    ["10.0.0.0/99", "https://10.1.2.3", false],
    [":", "https://t.example", false],
  ])("is passed by with %j for %s: %s", (excluded, origin, direct) => {
    const found = environmentProxies({ ...given, noProxy: excluded })(origin);
    expect(found?.origin).toBe(direct ? undefined : "http://secure:3128");
  });

  test("may lack a scheme and have a password, and is for its own scheme only", () => {
    const proxies = environmentProxies({ httpProxy: "", httpsProxy: "u:p%20%zz@proxy:1", noProxy: "" });
    const authorization = `Basic ${Buffer.from("u:p%20%zz").toString("base64")}`;
    expect(proxies("https://t")).toEqual({ origin: "http://proxy:1", authorization });
    const plain = environmentProxies({ httpProxy: "http://u%40x:p%20@proxy", httpsProxy: "", noProxy: "" });
    expect(plain("http://t")?.authorization).toBe(`Basic ${Buffer.from("u@x:p ").toString("base64")}`);
    expect(proxies("http://t")).toBeUndefined();
  });

  test.each(["socks5://u:secret@proxy", "http://", "http://u:secret@"])("must be one: %s", (url) => {
    expect(proxyMistake(url)).toBe("must be an http or https URL");
  });

  test.each(["", "proxy:1", "https://u:p@proxy"])("may be %j", (url) => {
    expect(proxyMistake(url)).toBeUndefined();
  });
});
