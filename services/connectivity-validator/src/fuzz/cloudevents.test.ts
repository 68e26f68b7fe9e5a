import { expect, test } from "vitest";
import { readBinary } from "../cloudevents/binary.ts";
import { InvalidEvent } from "../cloudevents/invalid-event.ts";
import { readBatch, readEvent, readStructured } from "../cloudevents/structured.ts";
import { withSource } from "../events/cleared.ts";
import { isEvent, readJson, referenceEvent } from "./reference-event.ts";
import { fuzzMs, mutated, pick, type Random, rounds, textOf } from "./rounds.ts";

const timeout = fuzzMs + 60_000;

const values = [
  '"std"',
  '"1.0"',
  '"0.3"',
  '""',
  '"a b"',
  '"\\u00fc"',
  '"\\ud83d\\ude00"',
  '"\\ud800"',
  '"\\u0000"',
  '"\\ufffe"',
  '"/a/b?c#d"',
  '"http://[::1]:80/x"',
  '"urn:x:y"',
  '"1:2"',
  '"a%41"',
  '"a%4"',
  "null",
  "true",
  "0",
  "-1",
  "1.5",
  "1e2",
  "2147483648",
  "-2147483648",
  "{}",
  "[]",
  '{"a":[1,{"b":null}]}',
  '"2030-01-01T00:00:00Z"',
  '"2030-02-30T00:00:00+01:00"',
  '"text/plain; x=y"',
  '"AAA="',
  '"A"',
  '"x\\n"',
  '"ü€😀"',
];
const names = [
  "id",
  "source",
  "type",
  "specversion",
  "subject",
  "time",
  "dataschema",
  "datacontenttype",
  "data",
  "data_base64",
  "ext",
  "comexampleext1",
  "Ext",
  "my_ext",
  "",
  "\\u0069d",
  "__proto__",
  "constructor",
];
const pieces = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  " ",
  "\n",
  "null",
  "1",
  "e",
  "-",
  ".",
  "\\u",
  "é",
  "\u0000",
  "\u007f",
  "\u0085",
  ...values.slice(0, 8),
];

function eventText(random: Random): string {
  const space = () => pick(random, ["", "", "", " ", "\n\t"]);
  const good = [
    ['"specversion"', '"1.0"'],
    ['"id"', '"1"'],
    ['"source"', pick(random, ['"std"', '"/a/b"', '"other\\u002dapp"'])],
    ['"type"', '"t"'],
  ];
  const more = Array.from({ length: random(4) }, () => [`"${pick(random, names)}"`, pick(random, values)]);
  const members = [...good.slice(random(8) === 0 ? 1 : 0), ...more].toSorted(() => random(3) - 1);
  return `${space()}{${members.map(([name, value]) => `${space()}${name}${space()}:${space()}${value}${space()}`).join(",")}}${space()}`;
}

function outcome<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidEvent) return undefined;
    throw error;
  }
}

test("structured events are those that the specification says, and say what it says", { timeout }, () => {
  let good = 0;
  rounds(6_000, (random) => {
    const text = mutated(random, eventText(random), pieces);
    const body = Buffer.from(text);
    const expected = referenceEvent(readJson(text.toWellFormed()));
    const event = outcome(() => readStructured(body));
    const { id, source, type } = expected ?? {};
    expect([text, event?.context]).toEqual([text, expected && { id, source, type }]);
    if (event === undefined) return;
    good++;
    // Another source, and nothing else.
    const rewritten = JSON.parse(withSource(body, event, "app").toString());
    expect(rewritten).toEqual({ ...JSON.parse(body.toString()), source: "app" });
  });
  expect(good).toBeGreaterThan(300);
});

test("batches are taken apart where their events are", { timeout }, () => {
  let good = 0;
  rounds(1_500, (random) => {
    const text = mutated(
      random,
      `[${Array.from({ length: random(5) }, () => eventText(random)).join(pick(random, [",", ", ", ",\n"]))}]`,
      pieces,
    );
    const body = Buffer.from(text);
    const whole = readJson(text.toWellFormed());
    const expected = whole?.kind === "array" ? whole.elements : undefined;
    const places = outcome(() => readBatch(body, 100));
    expect([text, places?.length]).toEqual([text, expected?.length]);
    for (const [at, { start, end }] of (places ?? []).entries()) {
      const slice = body.toString("utf8", start, end);
      expect(readJson(slice)).toEqual(expected?.[at]);
      const context = outcome(() => readEvent(body, start))?.context;
      const reference = referenceEvent(expected?.[at]);
      expect([slice, context?.id, context?.type]).toEqual([slice, reference?.["id"], reference?.["type"]]);
      if (context !== undefined) good++;
    }
  });
  expect(good).toBeGreaterThan(200);
});

const headerPieces = [
  "std",
  "1.0",
  "%C3%BC",
  "%c3",
  "%",
  "%41",
  '"',
  "\\",
  '\\"',
  " ",
  "\u00c3\u00bc",
  "\u00fc",
  "%00",
  "%0A",
  "%EF%BF%BE",
  "a",
  "/",
  ":",
  "%2541",
  ";",
  "x=y",
];

/** The binding's section 3.1.3.2, letter by letter: a quoted string, then one round of percent-decoding. */
function referenceValue(value: string): string | undefined {
  let text = value;
  if (text.startsWith('"')) {
    const inside = /^"((?:[^"\\]|\\.)*)"$/s.exec(text)?.[1];
    if (inside === undefined) return undefined;
    text = inside.replace(/\\(.)/gs, "$1");
  }
  const escaped = [...text].map((letter) =>
    letter === "%" ? "%" : `%${letter.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  // What follows a percent sign was escaped as well; it is two letters again.
  const joined = escaped
    .join("")
    .replaceAll(/%%([\da-f]{2})%([\da-f]{2})/g, (_all, one, two) => `%${letterOf(one)}${letterOf(two)}`);
  try {
    return decodeURIComponent(joined);
  } catch {
    return undefined;
  }
}

const letterOf = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));

test("binary events are those that the specification says, and say what it says", { timeout }, () => {
  let good = 0;
  rounds(6_000, (random) => {
    const value = () => textOf(random, headerPieces, 4).trim();
    const headers = [
      "ce-specversion",
      "1.0",
      "Ce-Id",
      pick(random, ["1", value()]),
      "ce-source",
      pick(random, ["std", value()]),
      "CE-TYPE",
      pick(random, ["t", value()]),
    ];
    for (let more = random(3); more > 0; more--)
      headers.push(
        `${pick(random, ["ce-", "Ce-", "x-", "ce", "ce-"])}${pick(random, ["ext", "time", "subject", "id", "my_ext", "data", "datacontenttype", "", "dataschema"])}`,
        value(),
      );
    if (random(10) === 0) headers.splice(random(4) * 2, 2);
    const contentType = pick(random, [undefined, "application/json", "text/plain; charset=x", "json", value()]);
    const pairs = headers.flatMap((name, at) =>
      at % 2 === 0 && /^ce-/i.test(name)
        ? [[name.slice(3).toLowerCase(), referenceValue(headers[at + 1] as string)] as const]
        : [],
    );
    const isReadable =
      pairs.every(
        ([name, text]) =>
          /^[a-z0-9]+$/.test(name) && name !== "data" && name !== "datacontenttype" && text !== undefined,
      ) && new Set(pairs.map(([name]) => name)).size === pairs.length;
    const attributes = Object.fromEntries(pairs) as Record<string, string>;
    if (contentType !== undefined) attributes["datacontenttype"] = contentType;
    const expected =
      isReadable && isEvent(attributes)
        ? { id: attributes["id"], source: attributes["source"], type: attributes["type"] }
        : undefined;
    if (expected !== undefined) good++;
    expect([headers, outcome(() => readBinary(headers, contentType))]).toEqual([headers, expected]);
  });
  expect(good).toBeGreaterThan(300);
});
