import { expect, test } from "vitest";
import { legacyJson } from "./legacy-json.ts";

// The expected bytes are those of Go's json.Encoder with its default settings.
test.each([
  { title: "plain text", text: "no valid subject found", json: '"no valid subject found"' },
  { title: "what HTML would read", text: "<a href='x'>&", json: "\"\\u003ca href='x'\\u003e\\u0026\"" },
  { title: "quotes and backslashes", text: 'a"b\\c/d', json: '"a\\"b\\\\c/d"' },
  { title: "control characters", text: "\b\f\n\r\t\u0000\u001f\u007f", json: '"\\b\\f\\n\\r\\t\\u0000\\u001f\u007f"' },
  { title: "JavaScript's line separators", text: "a\u2028b\u2029c", json: '"a\\u2028b\\u2029c"' },
  { title: "other scripts and emoji as they are", text: "Grüße 日本 😀", json: '"Grüße 日本 😀"' },
  { title: "half a surrogate pair as the replacement character", text: "a\ud83d-\ude00b", json: '"a\\ufffd-\\ufffdb"' },
  { title: "a text that looks like an escape", text: "\\ud83d", json: '"\\\\ud83d"' },
  { title: "nothing", text: "", json: '""' },
])("the legacy error shape writes $title as Go does", ({ text, json }) => {
  expect(legacyJson(404, text)).toBe(`{"code":404,"error":${json}}\n`);
});

test("the legacy error shape reads back as what was written", () => {
  const text = 'a <b> & "c" \u2028 \\ 😀';
  expect(JSON.parse(legacyJson(500, text))).toEqual({ code: 500, error: text });
});
