import { none } from "@application-connector/credentials";
import { describe, expect, test } from "vitest";
import { hideAdded } from "./hidden.ts";

const key = "a-secret-key";

/** What the client gets to see of a header of the response, where the key was added to the query as `key`. */
function shown(name: string, value: string): string[] {
  const headers = ["A", "1", name, value, "B", "2"];
  const parameters = { headers: [], query: [], ignoredHeaders: [] };
  const credential = { ...none("ApiKey"), queryParameter: ["key", [key]] as const };
  hideAdded(headers, { api: { credential, parameters }, search: "", hasExternalToken: false });
  expect([headers.slice(0, 2), headers.slice(-2)]).toEqual([
    ["A", "1"],
    ["B", "2"],
  ]);
  return headers.slice(2, -2);
}

describe("a key that was added to the query is taken out of", () => {
  test.each([
    ["Location", `/x?key=${key}&a=1`, "/x?a=1"],
    ["Refresh", `0;url=/x?a=1&key=${key}`, "0;url=/x?a=1"],
    ["Refresh", `0; URL = "/x?key=${key}&a=1"`, '0; URL = "/x?a=1"'],
    ["Refresh", `5, /x?key=${key}&a=1`, "5, /x?a=1"],
    ["Refresh", `5 '/x?key=${key}'`, "5 '/x'"],
    ["Refresh", "5", "5"],
    ["Link", `</x?key=${key}>; rel="next",</y?key=${key}&b>`, '</x>; rel="next",</y?b>'],
    ["Link", "<<</x?b=1>, <", "<<</x?b=1>, <"],
  ])("%s: %s", (name, value, expected) => {
    expect(shown(name, value)).toEqual([name, expected]);
  });
});

describe("a header that would tell it all the same is not passed on:", () => {
  test.each([
    ["Link", `</x?key=${key}`],
    ["Link", `</x>; anchor="/y?key=${key}"`],
    ["Refresh", `0; url="/x" /y?key=${key}`],
    ["Location", `/${key}`],
  ])("%s: %s", (name, value) => {
    expect(shown(name, value)).toEqual([]);
  });
});

test("a header is looked at once, whatever is in it", () => {
  // What was quadratic took minutes for these.
  for (const piece of ["<", "url ", "url=", " ", ";"]) {
    const text = piece.repeat(300_000 / piece.length);
    for (const name of ["Link", "Refresh"]) expect(shown(name, text)).toEqual([name, text]);
  }
});
