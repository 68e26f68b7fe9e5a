import { describe, expect, test } from "vitest";
import { fullType, readLegacyEvent } from "./legacy-event.ts";

const good = {
  "event-type": "order.created",
  "event-type-version": "v1",
  "event-time": "2026-01-01T10:00:00+01:00",
  "event-id": "31109198-4d69-4ae0-972d-76117f3748c8",
  data: { n: 1 },
};
const read = (value: unknown) =>
  readLegacyEvent(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)));

test("a legacy event is read in place", () => {
  const text = JSON.stringify(good);
  const event = read(text);
  if ("status" in event) throw new Error(event.moreInfo);
  expect(event).toMatchObject({ type: "order.created", version: "v1", id: good["event-id"] });
  expect(fullType(event)).toBe("order.created.v1");
  expect(text.slice(event.data.start, event.data.end)).toBe('{"n":1}');
});

test.each([
  ["names in any case", JSON.stringify({ ...good, "event-type": undefined, "EVENT-Type": "order.created" })],
  ["a name with a long s", JSON.stringify(good).replace("-version", "-verſion")],
  ["unknown fields", JSON.stringify({ more: [1, 2], ...good })],
  ["what follows the first value", ` ${JSON.stringify(good)} and more {`],
  ["data that is a number", JSON.stringify({ ...good, data: 0 })],
  ["no id", JSON.stringify({ ...good, "event-id": undefined })],
  ["an id that is null", JSON.stringify({ ...good, "event-id": null })],
])("%s may be", (_title, text) => {
  expect(read(text)).toMatchObject({ type: "order.created", version: "v1" });
});

describe("the first mistake is the answer", () => {
  const missing = (field: string) => ({ type: "validation_violation", details: [{ field, type: "missing_field" }] });
  const invalid = (field: string) => ({ type: "validation_violation", details: [{ field, type: "invalid_field" }] });
  const syntax = { type: "bad_payload_syntax" };
  test.each([
    ["", { ...syntax, moreInfo: "Bad payload syntax" }],
    ["[]", syntax],
    ["null", syntax],
    ['{"event-type":1}', syntax],
    ['{"event-type":"a","event-type":"b"}', syntax],
    ['{"event-type":"a","Event-Type":"b"}', syntax],
    ['{"event-type-version":"a","event-type-verſion":"b"}', syntax],
    ["{}", missing("event-type")],
    [{ "event-type": "a" }, missing("event-type-version")],
    [{ "event-type": "a", "event-type-version": "-" }, invalid("event-type-version")],
    [{ "event-type": "a", "event-type-version": "v1" }, missing("event-time")],
    [{ ...good, "event-time": "yesterday" }, invalid("event-time")],
    [{ ...good, "event-id": "1" }, invalid("event-id")],
    [{ ...good, data: "" }, missing("data")],
    [{ ...good, data: null }, missing("data")],
    [{ ...good, data: undefined }, missing("data")],
  ])("%j", (value, expected) => {
    expect(read(value)).toMatchObject({ status: 400, ...expected });
  });
  test("bytes that are no UTF-8", () => {
    expect(readLegacyEvent(Buffer.from([0x7b, 0xff, 0x7d]))).toMatchObject({ status: 400, ...syntax });
  });
});
