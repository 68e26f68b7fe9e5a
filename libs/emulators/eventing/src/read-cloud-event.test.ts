import { describe, expect, test } from "vitest";
import { type HeaderPairs, readCloudEvent } from "./read-cloud-event.ts";

const attributes: HeaderPairs = [
  ["Ce-Specversion", "1.0"],
  ["Ce-Id", "1"],
  ["Ce-Source", "crm"],
  ["Ce-Type", "a.b.v1"],
];
const own = { specversion: "1.0", id: "1", source: "crm", type: "a.b.v1" };
const binary = (body: string | Buffer, type?: string, more: HeaderPairs = []) =>
  readCloudEvent(
    [...attributes, ...more, ...(type === undefined ? [] : [["content-type", type] as const])],
    Buffer.from(body),
  ).event;
const structured = (event: object | string) => {
  const body = Buffer.from(typeof event === "string" ? event : JSON.stringify(event));
  return readCloudEvent([["content-type", "application/cloudevents+json"]], body).event;
};

describe("data beside attributes in headers", () => {
  test.each<[body: string | Buffer, type: string | undefined, data: object]>([
    ['{"n":1}', "application/json", { data: { n: 1 } }],
    [' [1, "a"]\n', "Application/Order+JSON; charset=utf-8", { data: [1, "a"] }],
    ['"text"', undefined, { data: "text" }],
    ["7", "application/json", { data: 7 }],
    ["false", "application/json", { data: false }],
    ["null", "application/json", { data: null }],
    ["{no json", "application/json", { data_base64: Buffer.from("{no json").toString("base64") }],
    ["7", "text/plain", { data: "7" }],
    [Buffer.from([0, 255, 1]), "application/octet-stream", { data_base64: "AP8B" }],
    ["", "application/json", {}],
    ["", undefined, {}],
  ])("%j of type %s", (body, type, data) => {
    expect(binary(body, type)).toEqual({ ...own, ...(type && { datacontenttype: type }), ...data });
  });
});

test("attributes in headers: quotes, percent-encoding, a time and extensions, as they were meant and not otherwise", () => {
  const more: HeaderPairs = [
    ["ce-time", "2030-01-01T00:00:00.123456+02:00"],
    ["ce-subject", '"a \\"b\\""'],
    ["Ce-Extra", "%C3%A4"],
    ["ce-schemaurl", "an extension of today"],
  ];
  expect(binary("", undefined, more)).toEqual({
    ...own,
    time: "2030-01-01T00:00:00.123456+02:00",
    subject: 'a "b"',
    extra: "ä",
    schemaurl: "an extension of today",
  });
});

describe("a structured event", () => {
  test.each<[members: object, read?: object]>([
    [{ data: 0 }],
    [{ data: "" }],
    [{ data: null }],
    [{ data: { n: [1] }, datacontenttype: "application/json; charset=x" }],
    [{ data_base64: "AP8B", datacontenttype: "image/png" }],
    [{ extension: false, other: 0, time: "2030-01-01T00:00:00Z" }],
    [{ subject: null }, {}],
  ])("with %j", (members, read = members) => {
    expect(structured({ ...own, ...members })).toEqual({ ...own, ...read });
  });
  test("of the version before", () => {
    const old = { ...own, specversion: "0.3", schemaurl: "http://schema", data: 1 };
    expect(structured(old)).toEqual(old);
  });
});

test.each([
  ["no JSON", "{", /JSON/],
  ["a text", '"text"', "no JSON object"],
  ["no id", { ...own, id: "" }, "id: MUST be a non-empty string"],
  ["a number for a source", { ...own, source: 7 }, "source: REQUIRED"],
  ["another version", { ...own, specversion: "2.0" }, "specversion: unknown"],
  ["data twice", { ...own, data: 1, data_base64: "AA==" }, "data: MUST NOT stand beside data_base64"],
])("%s is refused", (_what, event, why) => {
  expect(() => structured(event)).toThrow(why);
});
