import { expect, test } from "vitest";
import { errorFromAnswer, errorFromEvent } from "./status.ts";
import { readWarnings } from "./warnings.ts";

const status = (code: number, reason: string, more: object = {}) => ({
  kind: "Status",
  code,
  reason,
  message: `${reason} it is`,
  ...more,
});

test("a Status becomes an error with its reason and details", () => {
  const body = status(409, "Conflict", {
    details: { name: "a", causes: [{ reason: "FieldManagerConflict", field: ".b" }] },
  });
  const error = errorFromAnswer("apply widgets a", 409, body, undefined, false);
  expect(error).toMatchObject({ status: 409, reason: "Conflict", isConflict: true, details: { name: "a" } });
  expect(error.message).toBe("apply widgets a: 409 Conflict it is");
});

test("an answer that is no Status is told by its number, not by its text", () => {
  const error = errorFromAnswer("get secrets a", 502, "<html>token=abc</html>", undefined, false);
  expect(error).toMatchObject({ isTransient: true, message: "get secrets a: 502 BadGateway" });
});

test("values of a Secret do not get into the error that refuses it", () => {
  const causes = [{ reason: "FieldValueInvalid", message: 'Invalid value: "hunter2"', field: "data[a]" }];
  const body = status(422, "Invalid", { message: 'data[a]: Invalid value: "hunter2"', details: { causes } });
  const error = errorFromAnswer("create secrets a", 422, body, undefined, true);
  expect(JSON.stringify([error, error.message])).not.toContain("hunter2");
  expect(error.details?.causes).toEqual([{ reason: "FieldValueInvalid", field: "data[a]" }]);
});

test.each([
  { header: "3", body: {}, ms: 3_000 },
  { header: undefined, body: { details: { retryAfterSeconds: 2 } }, ms: 2_000 },
  { header: "nonsense", body: {}, ms: undefined },
  { header: new Date(0).toUTCString(), body: {}, ms: 0 },
])("Retry-After $header with $body → $ms", ({ header, body, ms }) => {
  expect(errorFromAnswer("get", 429, status(429, "TooManyRequests", body), header, false).retryAfterMs).toBe(ms);
});

test.each([
  { object: status(410, "Expired"), expected: { isGone: true } },
  { object: status(410, "Gone"), expected: { isGone: true } },
  {
    object: status(504, "Timeout", { details: { causes: [{ reason: "ResourceVersionTooLarge" }] } }),
    expected: { isResourceVersionTooLarge: true },
  },
  {
    object: status(400, "BadRequest", { message: "too large resource version" }),
    expected: { isResourceVersionTooLarge: true },
  },
  { object: { nonsense: true }, expected: { status: 500, isTransient: true } },
])("an ERROR event with $object.reason", ({ object, expected }) => {
  expect(errorFromEvent("watch widgets", object)).toMatchObject(expected);
});

test("warnings are the texts of code 299", () => {
  expect(readWarnings('299 - "v1beta1 is \\"old\\", use v1"')).toEqual(['v1beta1 is "old", use v1']);
  expect(readWarnings(['299 - "one"', '199 - "not ours"', '299 agent "two"'])).toEqual(["one", "two"]);
  expect(readWarnings(undefined)).toEqual([]);
});
