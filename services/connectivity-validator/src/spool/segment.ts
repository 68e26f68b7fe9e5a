import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { checkRecord, findRecord, intactRecords, isTorn, type Marker, markerBytes, type Span } from "./record.ts";

/** What every segment begins with; the last byte is the version of the format. Then come its marker and its cursor. */
const magic = Buffer.from("ACSPOOL1");
const markerAt = magic.length;
/** Up to where events were delivered, and a checksum of that. */
export const cursorAt = markerAt + markerBytes;
/** Where the first record begins. */
export const firstRecordAt = cursorAt + 8;

/** What is in a segment. */
export interface SegmentContent {
  readonly marker: Marker;
  /** Intact records that were not delivered yet, in order. */
  readonly records: readonly Span[];
  /** Bytes that were records once. */
  readonly damaged: readonly Span[];
  /** Where intact records end; what is behind it was never acknowledged. */
  readonly end: number;
}

/** The first bytes of a new segment. */
export function newSegment(): { readonly marker: Marker; readonly bytes: Buffer } {
  const marker = randomBytes(markerBytes);
  return { marker, bytes: Buffer.concat([magic, marker, encodeCursor(firstRecordAt)]) };
}

export function encodeCursor(position: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeUInt32BE(position, 0);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 4)), 4);
  return bytes;
}

/** Whether a later version of the program wrote it, whose format this one does not know. */
export function isOfLaterVersion(bytes: Buffer): boolean {
  return bytes.length >= 8 && magic.compare(bytes, 0, 7, 0, 7) === 0 && (bytes[7] as number) > (magic[7] as number);
}

/** Reads a segment as a crash, or a bad disk, may have left it. */
export function readSegment(bytes: Buffer): SegmentContent {
  const marker = markerOf(bytes);
  const records: Span[] = [];
  const damaged: Span[] = [];
  let end = Math.min(readCursor(bytes), bytes.length);
  while (end < bytes.length && marker.length === markerBytes) {
    const intact = checkRecord(bytes, end, marker);
    const next = intact === undefined ? findRecord(bytes, end + 1, marker) : { start: end, end: intact };
    if (next === undefined) {
      if (!isTorn(bytes, end, marker)) damaged.push({ start: end, end: bytes.length });
      break;
    }
    if (next.start > end) damaged.push({ start: end, end: next.start });
    records.push(next);
    end = next.end;
  }
  return { marker, records, damaged, end };
}

/** The first record repeats it: a bit of it that has changed, here or there, must not cost all records. */
function markerOf(bytes: Buffer): Marker {
  const said = Buffer.from(bytes.subarray(markerAt, cursorAt));
  const repeated = Buffer.from(bytes.subarray(firstRecordAt, firstRecordAt + markerBytes));
  if (repeated.length < markerBytes || repeated.equals(said)) return said;
  return intactRecords(bytes, repeated).length > intactRecords(bytes, said).length ? repeated : said;
}

/** A cursor that cannot be read is that of a segment of which nothing was delivered: rather twice than never. */
function readCursor(bytes: Buffer): number {
  if (bytes.length < firstRecordAt) return firstRecordAt;
  const position = bytes.readUInt32BE(cursorAt);
  const isIntact = crc32(bytes.subarray(cursorAt, cursorAt + 4)) === bytes.readUInt32BE(cursorAt + 4);
  return isIntact && position >= firstRecordAt && position <= bytes.length ? position : firstRecordAt;
}

const namePattern = /^(\d{12})-[a-z0-9._-]*\.log$/;

/** Segments sort by their number; the name of the Application is for people. */
export function segmentName(number: number, application: string): string {
  return `${String(number).padStart(12, "0")}-${application.replaceAll(/[^a-z0-9.-]/g, "_").slice(0, 100)}.log`;
}

/** The number of a segment's file; undefined for any other file. */
export function segmentNumber(name: string): number | undefined {
  const digits = namePattern.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
