import { expect, test } from "vitest";
import { encodeRecord, stamp } from "./record.ts";
import { encodeCursor, firstRecordAt, newSegment, readSegment, segmentName, segmentNumber } from "./segment.ts";
import { event } from "./test-spool.ts";

/** A segment of a few records, and where they begin and end. */
function segment(...bodies: string[]) {
  const { marker, bytes: head } = newSegment();
  const records = bodies.map((body, index) =>
    stamp(encodeRecord({ event: event("crm", `${index}`, body), storedAtMs: 1 }), marker),
  );
  const spans: { start: number; end: number }[] = [];
  let at = head.length;
  for (const { length } of records) {
    spans.push({ start: at, end: at + length });
    at += length;
  }
  return { bytes: Buffer.concat([head, ...records]), spans, marker };
}

test("records are found in order, from the cursor on", () => {
  const { bytes, spans } = segment("a", "", "c".repeat(10_000));
  expect(readSegment(bytes)).toMatchObject({ records: spans, damaged: [], end: bytes.length });
  encodeCursor(spans[0]?.end ?? 0).copy(bytes, 16);
  expect(readSegment(bytes).records).toEqual(spans.slice(1));
  encodeCursor(bytes.length).copy(bytes, 16);
  expect(readSegment(bytes)).toMatchObject({ records: [], damaged: [], end: bytes.length });
});

test("of a segment that was cut off anywhere, the whole records count and nothing else", () => {
  const { bytes, spans } = segment("first", "second", "third");
  for (let length = 0; length <= bytes.length; length++) {
    const whole = spans.filter(({ end }) => end <= length);
    const { records, damaged, end } = readSegment(bytes.subarray(0, length));
    expect([records, damaged]).toEqual([whole, []]);
    expect(end).toBe(whole.at(-1)?.end ?? Math.min(firstRecordAt, length));
  }
});

test("a flipped bit anywhere in a record costs that record, and is told", () => {
  const { bytes, spans } = segment("first", "second", "third");
  const [first, second, third] = spans as [
    { start: number; end: number },
    { start: number; end: number },
    (typeof spans)[0],
  ];
  for (let at = second.start; at < second.end; at++) {
    const broken = Buffer.from(bytes);
    broken[at] = (broken[at] as number) ^ (1 << (at % 8));
    expect(readSegment(broken), `byte ${at}`).toMatchObject({ records: [first, third], damaged: [second] });
  }
});

test("a changed last record is damaged, one without its end was never acknowledged", () => {
  const { bytes, spans } = segment("first", "second");
  bytes[bytes.length - 1] = 0xff;
  expect(readSegment(bytes).damaged).toEqual([spans[1]]);
  expect(readSegment(bytes.subarray(0, -1))).toMatchObject({ damaged: [], end: spans[0]?.end });
});

test("a flipped bit anywhere in the last record is told: it is no write that was cut off", () => {
  const { bytes, spans } = segment("first", "second");
  const last = spans[1] ?? expect.unreachable();
  for (let at = last.start; at < last.end; at++) {
    for (const bit of [1, 0x80]) {
      const broken = Buffer.from(bytes);
      broken[at] = (broken[at] as number) ^ bit;
      expect(readSegment(broken), `byte ${at}`).toMatchObject({ records: [spans[0]], damaged: [last] });
    }
  }
});

test("a flipped bit in the head of a segment costs no record", () => {
  const { bytes, spans } = segment("first", "second", "third");
  for (let at = 8; at < firstRecordAt; at++) {
    const broken = Buffer.from(bytes);
    broken[at] = (broken[at] as number) ^ 1;
    expect(readSegment(broken), `byte ${at}`).toMatchObject({ records: spans, damaged: [] });
  }
});

test("a marker that has changed in two places costs what cannot be known, and nothing is cut off", () => {
  const { bytes, spans } = segment("first", "second", "third");
  const [first, ...others] = spans;
  const changed = (...places: number[]) => {
    const broken = Buffer.from(bytes);
    for (const [bit, at] of places.entries()) broken[at] = (broken[at] as number) ^ (1 << bit);
    return readSegment(broken);
  };
  expect(changed(24)).toMatchObject({ records: others, damaged: [first] });
  expect(changed(8, 24)).toMatchObject({ records: [first], damaged: [{ start: first?.end, end: bytes.length }] });
  expect(changed(8, 50)).toMatchObject({ records: others, damaged: [first] });
});

test("a file that has grown and was not written is cut off", () => {
  const { bytes, spans } = segment("first", "second");
  const grown = Buffer.concat([bytes, Buffer.alloc(5_000)]);
  expect(readSegment(grown)).toMatchObject({ records: spans, damaged: [], end: bytes.length });
});

test("a cursor that cannot be read delivers twice rather than never", () => {
  const { bytes, spans } = segment("first", "second");
  encodeCursor(spans[0]?.end ?? 0).copy(bytes, 16);
  bytes[17] = 0x55;
  expect(readSegment(bytes).records).toEqual(spans);
});

test("an event that contains a record is no record, not even behind a damaged one", () => {
  const forged = encodeRecord({ event: event("victim", "forged"), storedAtMs: 1 }).toString("latin1");
  const { bytes, spans } = segment(forged, "second");
  bytes[(spans[0]?.start ?? 0) + 30] = 0;
  expect(readSegment(bytes)).toMatchObject({ records: [spans[1]], damaged: [spans[0]] });
});

test("names of files say number and Application, however long that is", () => {
  const name = segmentName(7, "a".repeat(253));
  expect(name.length).toBeLessThan(200);
  expect(segmentNumber(name)).toBe(7);
  expect(segmentNumber(segmentName(123, "../Ä b"))).toBe(123);
  expect(segmentName(1, "../b")).not.toContain("/");
  for (const other of ["lock", "probe", "7-a.log", "000000000001-a.txt"]) expect(segmentNumber(other)).toBeUndefined();
});
