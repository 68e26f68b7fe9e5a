import { describe, expect, test } from "vitest";
import { expectEnd, readArray, readObject, readString, skipValue } from "./json-scanner.ts";

const scan = (text: string) => {
  const bytes = Buffer.from(text, "latin1");
  expectEnd(bytes, skipValue(bytes, 0));
};
const isJson = (text: string) => {
  try {
    scan(text);
    return true;
  } catch {
    return false;
  }
};

describe("what is JSON", () => {
  test.each([
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1.5",
    "1e9",
    "1E+9",
    "-1.25e-9",
    "12345678901234567890",
    '""',
    '"a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00fc\\ud83d"',
    "[]",
    "{}",
    " [ ] ",
    "[[],{},[{}]]",
    '{"a":1,"a":{"b":[1,2,{"c":null}]}}',
    '\t\r\n {"a" : [ 1 , 2 ] } ',
    "[".repeat(1_000) + "]".repeat(1_000),
  ])("%s", (text) => {
    expect(isJson(text)).toBe(true);
    expect(() => JSON.parse(text)).not.toThrow();
  });
});

describe("what is none", () => {
  test.each([
    "",
    " ",
    "nul",
    "nulL",
    "True",
    "01",
    "-",
    "+1",
    "1.",
    ".5",
    "1e",
    "1e+",
    "0x1",
    "NaN",
    "Infinity",
    '"',
    '"a',
    '"\\x"',
    '"\\u12"',
    '"\\u12g4"',
    '"\\',
    '"\n"',
    '"\u0000"',
    "'a'",
    "[",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1 2]",
    "]",
    "{",
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    "{,}",
    "{a:1}",
    "{1:1}",
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{"a":1]',
    "[1}",
    "1 2",
    "{}{}",
    "{}x",
    "/**/1",
    "\ufeff1",
    "[1]//",
    "\u000b1",
    "\u00a01",
  ])("%j", (text) => {
    expect(isJson(text)).toBe(false);
    expect(() => JSON.parse(text)).toThrow();
  });
  test("what is nested too deeply", () => {
    expect(isJson("[".repeat(1_001) + "]".repeat(1_001))).toBe(false);
    expect(isJson("[".repeat(1_000_000))).toBe(false);
    expect(isJson('{"a":'.repeat(1_000_000))).toBe(false);
  });
});

const bytes = (text: string) => Buffer.from(text);

test("members come with their places", () => {
  const text = '{ "a" : 1 , "ü":"x", "\\u0062": [ {} ]}';
  const { members, end } = readObject(bytes(text), 0);
  const shown = members.map(({ name, start, end }) => [name, bytes(text).toString("utf8", start, end)]);
  expect(shown).toEqual([
    ["a", "1"],
    ["ü", '"x"'],
    ["b", "[ {} ]"],
  ]);
  expect(end).toBe(bytes(text).length);
});

test.each(['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"a":1,"b":2,"a":1}'])("%s has one name twice", (text) => {
  expect(() => readObject(bytes(text), 0)).toThrow("two members have the same name");
});

test("more members than any event has", () => {
  const members = Array.from({ length: 1_001 }, (_, at) => `"a${at}":1`);
  expect(() => readObject(bytes(`{${members}}`), 0)).toThrow("more than 1000 members");
  expect(readObject(bytes(`{${members.slice(1)}}`), 0).members).toHaveLength(1_000);
});

test("elements come with their places, and no more than are wanted", () => {
  const text = " [ 1, {} ,[2] ]";
  const shown = ({ elements }: ReturnType<typeof readArray>) =>
    elements.map(({ start, end }) => text.slice(start, end));
  expect(shown(readArray(bytes(text), 1, 3))).toEqual(["1", "{}", "[2]"]);
  expect(readArray(bytes(text), 1, 2).elements).toHaveLength(3);
  expect(readArray(bytes(`[${"1,".repeat(100_000)}`), 0, 2).elements).toHaveLength(3);
});

test("strings are what JSON.parse makes of them", () => {
  for (const text of ['"plain"', '"ü€😀"', '"\\u00fc\\n\\"\\\\"', '"\\ud800"', '""'])
    expect(readString(bytes(text), 0)).toBe(JSON.parse(text));
});
