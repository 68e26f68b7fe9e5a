import { expect, test } from "vitest";
import { createLineSplitter } from "./lines.ts";

test("lines end at 0x0A alone, wherever the chunks are cut", () => {
  const text = '{"a":"one\u2028two\r"}\n{"b":"ü€"}\n\n{"c":3}\n';
  const bytes = Buffer.from(text);
  for (let size = 1; size <= bytes.length; size++) {
    const lines = createLineSplitter();
    const found: string[] = [];
    for (let start = 0; start < bytes.length; start += size) {
      for (const line of lines.push(bytes.subarray(start, start + size))) found.push(line.toString());
    }
    expect(found).toEqual(text.split("\n").slice(0, -1));
    expect(lines.isBroken).toBe(false);
  }
});

test("an end inside a line is noticed", () => {
  const lines = createLineSplitter();
  expect(lines.push(Buffer.from('{"a":1}\n{"b'))).toHaveLength(1);
  expect(lines.isBroken).toBe(true);
  lines.push(Buffer.from('":2}\n \r'));
  expect(lines.isBroken).toBe(false);
});
