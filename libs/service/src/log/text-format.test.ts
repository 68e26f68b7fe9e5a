import { expect, test } from "vitest";
import { textLine } from "./text-format.ts";

const keys = { level: "level", time: "time", message: "msg" };

test("a line is time, level, message and the rest", () => {
  const line = JSON.stringify({ level: "info", time: "12:00", msg: "listening", port: 8080 });
  expect(textLine(line, keys)).toBe('12:00\tINFO\tlistening\t{"port":8080}\n');
});

test.each([
  { title: "a line feed", message: "a\nERROR\tforged", shown: "a\\u000aERROR\\u0009forged" },
  { title: "a terminal's escape", message: "\u001b[2J", shown: "\\u001b[2J" },
  { title: "a line separator", message: "a\u2028b", shown: "a\\u2028b" },
  { title: "text of any language", message: "Grüße, 日本", shown: "Grüße, 日本" },
])("$title in a message stays on its line", ({ message, shown }) => {
  expect(textLine(JSON.stringify({ level: "warn", time: "t", msg: message }), keys)).toBe(`t\tWARN\t${shown}\n`);
});
