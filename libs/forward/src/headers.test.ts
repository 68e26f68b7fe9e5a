import { describe, expect, test } from "vitest";
import { appendForwardedFor, endToEnd, headerValues } from "./headers.ts";

describe("endToEnd", () => {
  test("keeps case, order and duplicates", () => {
    const headers = ["Host", "h", "x-a", "1", "X-A", "2", "Cookie", "c"];
    expect(endToEnd(headers)).toEqual(headers);
  });

  test.each([
    "Connection",
    "KEEP-ALIVE",
    "Proxy-Connection",
    "proxy-authenticate",
    "Proxy-Authorization",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Content-Length",
    "Expect",
  ])("removes %s", (name) => {
    expect(endToEnd(["A", "1", name, "x", "B", "2"])).toEqual(["A", "1", "B", "2"]);
  });

  test("keeps TE only as far as it says trailers", () => {
    expect(endToEnd(["TE", "gzip;q=0.5, Trailers;q=1"])).toEqual(["TE", "trailers"]);
    expect(endToEnd(["te", "gzip"])).toEqual([]);
  });

  test("removes what Connection names, in all of its lines and any case", () => {
    const headers = [
      "Connection",
      "close, X-One",
      "x-one",
      "1",
      "X-Two",
      "2",
      "connection",
      " x-TWO ,,",
      "X-Three",
      "3",
    ];
    expect(endToEnd(headers)).toEqual(["X-Three", "3"]);
  });

  test("AG-61 keeps what is protected from Connection", () => {
    const protect = (name: string) => name.startsWith("ce-");
    const headers = ["Connection", "Ce-Id, X-Mine", "Ce-Id", "1", "X-Mine", "2"];
    expect(endToEnd(headers, { protect })).toEqual(["Ce-Id", "1"]);
  });

  test("removes what the caller drops, in any case", () => {
    expect(endToEnd(["HOST", "h", "Access-Token", "t", "A", "1"], { drop: new Set(["host", "access-token"]) })).toEqual(
      ["A", "1"],
    );
  });
});

test.each([
  { title: "creates it", before: ["A", "1"], after: ["A", "1", "X-Forwarded-For", "10.0.0.1"] },
  { title: "appends to it", before: ["x-forwarded-FOR", "1.2.3.4"], after: ["x-forwarded-FOR", "1.2.3.4, 10.0.0.1"] },
  {
    title: "appends to the last of several",
    before: ["X-Forwarded-For", "a", "X-Forwarded-For", "b"],
    after: ["X-Forwarded-For", "a", "X-Forwarded-For", "b, 10.0.0.1"],
  },
])("AG-62 appendForwardedFor $title", ({ before, after }) => {
  const headers = [...before];
  appendForwardedFor(headers, "10.0.0.1");
  expect(headers).toEqual(after);
});

test("headerValues returns all values in order", () => {
  expect(headerValues(["X-A", "1", "B", "2", "x-a", "3"], "x-a")).toEqual(["1", "3"]);
  expect(headerValues(["X-A", "1"], "b")).toEqual([]);
});
