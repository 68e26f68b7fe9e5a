import { crc32 } from "node:zlib";
import type { DeliverableEvent } from "../delivery/delivery.ts";

/** An event as it waits on disk; what is known of a CloudEvent beyond its bytes is read again by whoever needs it. */
export interface StoredEvent {
  readonly event: DeliverableEvent;
  /** When it was acknowledged, in ms since the epoch. */
  readonly storedAtMs: number;
  /** Those that came in one request have the same; undefined for an event that came by itself. */
  readonly batch?: string | undefined;
  /** Why it was given up; only dead letters have it. */
  readonly reason?: string | undefined;
}

/** A place in a segment: `start` is the first byte, `end` the one behind the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Begins every record of a segment, so that the next one can be found behind a damaged one. It is random and never told,
 * so that no event can contain what would be taken for a record, of another Application at that.
 */
export type Marker = Buffer;
export const markerBytes = 8;

/** Marker, length of the payload, checksum over length and payload. */
const headBytes = markerBytes + 4 + 4;
/** Far beyond any event that memory is given for; a damaged length must not ask for gigabytes. */
const maxPayloadBytes = 256 * 1024 * 1024;

/** The payload is the length of the head, the head as JSON, and the body as it came. The marker is put in by {@link stamp}. */
export function encodeRecord({ event, storedAtMs, batch, reason }: StoredEvent): Buffer {
  const { application, route, path, headers, body } = event;
  const head = Buffer.from(JSON.stringify({ application, route, path, headers, storedAtMs, batch, reason }));
  const payloadBytes = 4 + head.length + body.length;
  const record = Buffer.allocUnsafe(headBytes + payloadBytes);
  record.writeUInt32BE(payloadBytes, markerBytes);
  record.writeUInt32BE(head.length, headBytes);
  head.copy(record, headBytes + 4);
  body.copy(record, headBytes + 4 + head.length);
  record.writeUInt32BE(checksum(record, 0, record.length), markerBytes + 4);
  return record;
}

export function stamp(record: Buffer, marker: Marker): Buffer {
  marker.copy(record);
  return record;
}

/** The length of the record that begins at `start`, as far as its head says; undefined when none begins there. */
export function recordLength(bytes: Buffer, start: number, marker: Marker): number | undefined {
  if (bytes.length < start + headBytes || marker.compare(bytes, start, start + markerBytes) !== 0) return undefined;
  const payloadBytes = bytes.readUInt32BE(start + markerBytes);
  return payloadBytes <= maxPayloadBytes ? headBytes + payloadBytes : undefined;
}

/** The end of the intact record that begins at `start`. */
export function checkRecord(bytes: Buffer, start: number, marker: Marker): number | undefined {
  const length = recordLength(bytes, start, marker);
  if (length === undefined || start + length > bytes.length) return undefined;
  const said = bytes.readUInt32BE(start + markerBytes + 4);
  return checksum(bytes, start, start + length) === said ? start + length : undefined;
}

/**
 * Whether what is at `start`, where no record is intact, can be what a crash has left of a write: a record without its end,
 * or zeros, for a file may grow before it is written. Anything else was a record once.
 */
export function isTorn(bytes: Buffer, start: number, marker: Marker): boolean {
  const rest = bytes.subarray(start);
  if (rest.every((byte) => byte === 0)) return true;
  if (rest.length < headBytes) {
    const begin = rest.subarray(0, markerBytes);
    return begin.equals(marker.subarray(0, begin.length));
  }
  const length = recordLength(bytes, start, marker);
  if (length === undefined || length <= rest.length) return false;
  // Whole as it is, so that it is only its length that has changed.
  const whole = Buffer.from(rest);
  whole.writeUInt32BE(rest.length - headBytes, markerBytes);
  return checkRecord(whole, 0, marker) === undefined;
}

/** The first intact record from `start` on. */
export function findRecord(bytes: Buffer, start: number, marker: Marker): Span | undefined {
  for (let at = bytes.indexOf(marker, start); at >= 0; at = bytes.indexOf(marker, at + 1)) {
    const end = checkRecord(bytes, at, marker);
    if (end !== undefined) return { start: at, end };
  }
  return undefined;
}

/** All that can be read, whatever is between them. */
export function intactRecords(bytes: Buffer, marker: Marker): Span[] {
  const records: Span[] = [];
  for (let next = findRecord(bytes, 0, marker); next !== undefined; next = findRecord(bytes, next.end, marker))
    records.push(next);
  return records;
}

/** Reads a record that {@link checkRecord} has found intact; undefined when this program has not written it. */
export function tryToDecode(bytes: Buffer, span: Span): StoredEvent | undefined {
  try {
    return decodeRecord(bytes, span);
  } catch {
    return undefined;
  }
}

function decodeRecord(bytes: Buffer, { start, end }: Span): StoredEvent {
  const headAt = start + headBytes + 4;
  const bodyAt = headAt + bytes.readUInt32BE(start + headBytes);
  const { application, route, path, headers, storedAtMs, batch, reason } = JSON.parse(
    bytes.toString("utf8", headAt, bodyAt),
  );
  // A copy: the bytes around it must not be kept for its sake.
  const body = Buffer.from(bytes.subarray(bodyAt, end));
  return { event: { application, route, path, headers, body, context: undefined }, storedAtMs, batch, reason };
}

const checksum = (bytes: Buffer, start: number, end: number): number =>
  crc32(bytes.subarray(start + headBytes, end), crc32(bytes.subarray(start + markerBytes, start + markerBytes + 4)));
