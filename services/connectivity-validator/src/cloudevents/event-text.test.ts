import { expect, test } from "vitest";
import { isEventText } from "./event-text.ts";

test.each(["", " ", "plain", "Größe €", "😀", "\u{10fffd}", "\ufdcf\ufdf0\ufffd", "\u00a0", "\ud83d\ude00"])(
  "%j may stand in an event",
  (text) => {
    expect(isEventText(text)).toBe(true);
  },
);

test("what may not, wherever it stands", () => {
  const planes = Array.from({ length: 17 }, (_, plane) => [plane * 0x10000 + 0xfffe, plane * 0x10000 + 0xffff]).flat();
  const refused = [0, 0x1f, 0x7f, 0x9f, 0x0a, 0x85, 0xfdd0, 0xfdef, ...planes].map((code) =>
    String.fromCodePoint(code),
  );
  for (const character of [...refused, "\ud800", "\udbff", "\udc00", "\udfff", "\ude00\ud83d"]) {
    expect([character, isEventText(character), isEventText(`a${character}`), isEventText(`${character}b`)]).toEqual([
      character,
      false,
      false,
      false,
    ]);
  }
});
