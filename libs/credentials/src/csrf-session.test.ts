import { describe, expect, test } from "vitest";
import { joinSession, readCsrfSession } from "./csrf-session.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const halfAnHour = 30 * 60_000;

describe("the answer of a CSRF endpoint", () => {
  test("is a token and the names and values of its cookies", () => {
    const session = readCsrfSession("t", ["a=1; Path=/; HttpOnly", "b=x=y;Secure", "c="], now);
    expect(session?.value).toEqual({
      token: "t",
      cookies: [
        { name: "a", value: "1" },
        { name: "b", value: "x=y" },
        { name: "c", value: "" },
      ],
    });
  });

  test("leaves out cookies that a request can't carry", () => {
    const session = readCsrfSession("t", ["a=\u65e5", "b\u00e9=1", "c c=1", "d=1"], now);
    expect(session?.value.cookies).toEqual([{ name: "d", value: "1" }]);
  });

  test.each([
    [undefined, halfAnHour],
    ["a=1", halfAnHour],
    ["a=1; Max-Age=60", 60_000],
    ["a=1; Expires=Thu, 01 Jan 2026 00:05:00 GMT", 300_000],
    ["a=1; Expires=Thu, 01 Jan 2026 00:05:00 GMT; Max-Age=60", 60_000],
    ["a=1; Max-Age=86400", halfAnHour],
    ["a=1; Expires=soon", halfAnHour],
    [["a=1; Max-Age=90", "b=2; Max-Age=60"], 60_000],
    // These take a cookie back, which says nothing about the session.
    ["a=; Max-Age=0", halfAnHour],
    [["old=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=1; Max-Age=60"], 60_000],
  ])("with %j lives %i ms", (setCookie, lifetimeMs) => {
    expect(readCsrfSession("t", setCookie, now)?.lifetimeMs).toBe(lifetimeMs);
  });

  test.each([undefined, "", "a b", "a\u00e9"])("is nothing without a proper token: %j", (token) => {
    expect(readCsrfSession(token, undefined, now)).toBeUndefined();
  });
});

describe("a request that joins a session", () => {
  test.each([
    [[], [], []],
    [["Cookie", "mine=1"], [], ["Cookie", "mine=1"]],
    [[], [{ name: "a", value: "1" }], ["Cookie", "a=1"]],
    [
      ["Cookie", "a=0; mine=1", "X", "y", "cookie", "b=2"],
      [{ name: "a", value: "1" }],
      ["X", "y", "Cookie", "a=1; b=2; mine=1"],
    ],
    [["Cookie", "a =0; \ta\t=2; mine=1"], [{ name: "a", value: "1" }], ["Cookie", "a=1; mine=1"]],
  ])("%j with cookies %j", (headers, cookies, expected) => {
    const joined = [...headers];
    joinSession(joined, { token: "t", cookies });
    expect(joined.filter((_, index) => joined[index - (index % 2)] !== "X-CSRF-Token")).toEqual(expected);
    expect(joined.slice(joined.indexOf("X-CSRF-Token")).slice(0, 2)).toEqual(["X-CSRF-Token", "t"]);
  });
});
