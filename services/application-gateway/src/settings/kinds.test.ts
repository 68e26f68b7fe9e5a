import { describe, expect, test } from "vitest";
import { type SettingKey, settings } from "./settings.ts";

const digest = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

describe("a setting reads", () => {
  test.each<[SettingKey, string, unknown]>([
    ["requestTimeout", "1m30s", 90_000],
    ["requestTimeout", "0", 0],
    ["responseTimeout", "250ms", 250],
    ["bodyIdleTimeout", " 1h ", 3_600_000],
    ["connectTimeout", "2s", 2_000],
    ["maxRequestDuration", "0s", 0],
    ["preserveTrailingSlash", "true", true],
    ["allowDotSegments", "false", false],
    ["redirects", "follow", "follow"],
    ["allowedNamespaces", "shop, billing ,", ["shop", "billing"]],
    ["allowedNamespaces", "", []],
    ["allowedPrincipals", "shop/web,spiffe://td/ns/a/sa/b", ["shop/web", "spiffe://td/ns/a/sa/b"]],
    ["caSecret", "my-ca.v1", "my-ca.v1"],
    ["spkiPins", `sha256/${digest}, sha256//${digest}`, [digest, digest]],
    ["httpsProxy", "http://proxy:3128", "http://proxy:3128"],
    ["httpsProxy", "none", "none"],
    ["allowedRequestHeaders", "Accept,X-My-*", ["accept", "x-my-*"]],
    ["deniedResponseHeaders", "Server", ["server"]],
    ["maxRequestBytes", "10Mi", 10_485_760],
    ["maxResponseBytes", "5k", 5_000],
    ["maxResponseBytes", "0", 0],
    ["rateLimit", "50/s", { perMs: 0.05 }],
    ["rateLimit", "30/m", { perMs: 0.0005 }],
    ["rateLimit", "3600/h", { perMs: 0.001 }],
    ["maxQueuedCalls", "0", 0],
    ["circuitFailures", "5", 5],
    ["circuitOpenTime", "1m", 60_000],
    ["retries", "2", 2],
  ])("%s from %j", (key, text, value) => {
    expect(settings[key].read(text)).toEqual({ value });
  });

  test.each<[SettingKey, string, RegExp]>([
    ["requestTimeout", "10", /^"10" ignored: it must be a duration such as 45s or 1m30s, from 100ms to 24h, or 0/],
    ["responseTimeout", "10 s", /ignored/],
    ["responseTimeout", "-5s", /ignored/],
    ["responseTimeout", "1ms", /ignored/],
    ["responseTimeout", "25h", /ignored/],
    ["connectTimeout", "0", /from 100ms to 10m$/],
    ["preserveTrailingSlash", "yes", /^"yes" ignored: it must be true or false$/],
    ["redirects", "Follow", /one of rewrite, passthrough, follow$/],
    ["caSecret", "../x", /the name of a Secret$/],
    ["httpsProxy", "http://user:hidden@proxy:3128", /^"http:\/\/…@proxy:3128" ignored/],
    ["maxRequestBytes", "10MB", /number of bytes/],
    ["maxRequestBytes", "-1", /number of bytes/],
    ["rateLimit", "0/s", /a number of calls/],
    ["rateLimit", "10", /a number of calls/],
    ["rateLimit", "10/constructor", /a number of calls/],
    ["rateLimitBurst", "0", /from 1 to 1000000$/],
    ["retries", "6", /from 0 to 5$/],
    ["retries", "1.5", /from 0 to 5$/],
    ["retries", "", /from 0 to 5$/],
  ])("%s not from %j", (key, text, mistake) => {
    const reading = settings[key].read(text);
    expect(reading.value).toBeUndefined();
    expect(reading.mistake).toMatch(mistake);
  });

  test.each<[SettingKey, string, unknown]>([
    ["allowedNamespaces", "shop,Billing", ["shop"]],
    ["allowedNamespaces", "Billing", []],
    ["allowedPrincipals", "shop", []],
    ["spkiPins", "sha256/short", []],
    ["deniedRequestHeaders", "x y,z", ["z"]],
  ])("%s from what is right in %j, and says what is not", (key, text, value) => {
    const reading = settings[key].read(text);
    expect(reading.value).toEqual(value);
    expect(reading.mistake).toMatch(/left out: its words must be/);
  });

  test("a value of any length in few words", () => {
    expect(settings.redirects.read("x".repeat(100_000)).mistake?.length).toBeLessThan(200);
    expect(settings.allowedNamespaces.read("X,".repeat(10_000)).mistake?.length).toBeLessThan(400);
  });
});

test("the name of every setting leaves room for a service", () => {
  for (const { name } of Object.values(settings)) expect(name.length).toBeLessThanOrEqual(24);
});

test("whatever an annotation holds, it is read or refused", () => {
  const pieces = [
    "",
    " ",
    ",",
    "0",
    "-1",
    "1e9",
    "s",
    "10s",
    "99999999999999999999",
    "Mi",
    "/",
    "http://",
    "@",
    "*",
    "sha256/",
    "\u0000",
    "\uD800",
    "💥",
    "__proto__",
    "a".repeat(300),
  ];
  let state = 7;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state % below;
  };
  for (let round = 0; round < 5_000; round++) {
    const text = Array.from({ length: next(5) }, () => pieces[next(pieces.length)]).join("");
    for (const setting of Object.values(settings)) {
      const { value, mistake } = setting.read(text);
      expect(value !== undefined || mistake !== undefined, `${setting.name} of ${JSON.stringify(text)}`).toBe(true);
    }
  }
});
