import { describe, expect, test } from "vitest";
import { readTokenResponse } from "./token-response.ts";

const now = 1_700_000_000_000;

describe("a token response", () => {
  test.each([
    [{ access_token: "t", expires_in: 60 }, 60_000],
    [{ access_token: "t", expires_in: 60.5 }, 60_500],
    [{ access_token: "t", expires_in: "60" }, 60_000],
    [{ access_token: "t", expires_in: 0 }, 0],
    [{ access_token: "t", expires_in: -1 }, -1_000],
    [{ access_token: "t" }, 300_000],
    [{ access_token: "t", expires_in: null }, 300_000],
    [{ access_token: "t", expires_in: 1e12 }, 30 * 24 * 3_600_000],
    [{ access_token: jwt({ exp: now / 1000 + 90 }) }, 90_000],
    [{ access_token: jwt({ exp: now / 1000 + 90 }), expires_in: 60 }, 60_000],
    [{ access_token: jwt({ sub: "x" }) }, 300_000],
    [{ access_token: "a.b.c" }, 300_000],
  ])("%j lives %i ms", (response, lifetimeMs) => {
    expect(readTokenResponse(JSON.stringify(response), now)).toEqual({ value: response.access_token, lifetimeMs });
  });

  test.each([
    ["xx", "not JSON"],
    ["null", "not a JSON object"],
    ["{}", "no access_token"],
    ['{"access_token":""}', "no access_token"],
    ['{"access_token":7}', "no access_token"],
    ['{"access_token":"a\\nb"}', "characters"],
    [`{"access_token":"${"x".repeat(65_537)}"}`, "access_token is too long"],
    [`{"access_token":"t","refresh_token":"${"x".repeat(65_537)}"}`, "refresh_token is too long"],
    ['{"access_token":"t","expires_in":"soon"}', "expires_in"],
    ['{"access_token":"t","expires_in":true}', "expires_in"],
  ])("%s is refused: %s", (body, why) => {
    expect(() => readTokenResponse(body, now)).toThrow(why);
  });
});

function jwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.`;
}
