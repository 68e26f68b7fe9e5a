import { InvalidEvent } from "./invalid-event.ts";

/** Far beyond any event's data; a bound for whoever reads it next. */
const maxDepth = 1_000;
/** Of one object whose members are wanted. */
const maxMembers = 1_000;

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

/** A place in the bytes: `start` is the first byte, `end` the one behind the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One `"name": value` of an object. */
export interface Member extends Span {
  readonly name: string;
}

function fail(what: string, at: number): never {
  throw new InvalidEvent("invalid_json", `invalid JSON: ${what} at byte ${at}`);
}

export function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
  }
  return at;
}

/** The end of the JSON value that begins at `start`, every byte of it checked (RFC 8259). */
export function skipValue(bytes: Uint8Array, start: number): number {
  const closers: number[] = [];
  let at = start;
  for (;;) {
    at = skipSpace(bytes, at);
    const byte = bytes[at];
    if (byte === openBrace || byte === openBracket) {
      if (closers.length === maxDepth) fail(`more than ${maxDepth} levels`, at);
      const closer = byte === openBrace ? closeBrace : closeBracket;
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== closer) {
        closers.push(closer);
        if (closer === closeBrace) at = skipName(bytes, at);
        continue;
      }
      at++;
    } else at = skipScalar(bytes, at);

    // A value has ended: so may what is around it.
    for (;;) {
      const closer = closers.at(-1);
      if (closer === undefined) return at;
      at = skipSpace(bytes, at);
      if (bytes[at] === comma) {
        at = skipSpace(bytes, at + 1);
        if (closer === closeBrace) at = skipName(bytes, at);
        break;
      }
      if (bytes[at] !== closer) fail("no comma between two values", at);
      closers.pop();
      at++;
    }
  }
}

/** The members of the object that begins at `start`. Two of the same name are an error: readers would disagree. */
export function readObject(bytes: Uint8Array, start: number): { members: Member[]; end: number } {
  if (bytes[start] !== openBrace) fail("no object", start);
  const members: Member[] = [];
  const names = new Set<string>();
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === closeBrace) return { members, end: at + 1 };
  for (;;) {
    const nameAt = at;
    at = skipName(bytes, at);
    const name = readString(bytes, nameAt);
    if (names.has(name))
      throw new InvalidEvent("duplicate_attribute", `two members have the same name, at byte ${nameAt}`);
    names.add(name);
    const value = skipSpace(bytes, at);
    at = skipValue(bytes, value);
    if (members.push({ name, start: value, end: at }) > maxMembers) fail(`more than ${maxMembers} members`, nameAt);
    at = skipSpace(bytes, at);
    if (bytes[at] === closeBrace) return { members, end: at + 1 };
    if (bytes[at] !== comma) fail("no comma between two members", at);
    at = skipSpace(bytes, at + 1);
  }
}

/** The elements of the array that begins at `start`; one more than `limit` ends the reading. */
export function readArray(bytes: Uint8Array, start: number, limit: number): { elements: Span[]; end: number } {
  if (bytes[start] !== openBracket) fail("no array", start);
  const elements: Span[] = [];
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === closeBracket) return { elements, end: at + 1 };
  for (;;) {
    const element = at;
    at = skipValue(bytes, element);
    elements.push({ start: element, end: at });
    if (elements.length > limit) return { elements, end: at };
    at = skipSpace(bytes, at);
    if (bytes[at] === closeBracket) return { elements, end: at + 1 };
    if (bytes[at] !== comma) fail("no comma between two elements", at);
    at = skipSpace(bytes, at + 1);
  }
}

/** The text of the string that begins at `start` and was checked before. Lone surrogates stay what they are. */
export function readString(bytes: Uint8Array, start: number): string {
  const end = skipString(bytes, start);
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  return raw.includes(backslash) ? JSON.parse(raw.toString()) : raw.toString("utf8", 1, raw.length - 1);
}

/** Nothing may follow the value but space. */
export function expectEnd(bytes: Uint8Array, at: number): void {
  const end = skipSpace(bytes, at);
  if (end < bytes.length) fail("something follows the value", end);
}

function skipName(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== quote) fail("no member name", start);
  const at = skipSpace(bytes, skipString(bytes, start));
  if (bytes[at] !== colon) fail("no colon after a name", at);
  return at + 1;
}

function skipString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === quote) return at + 1;
    if (byte < 0x20) fail("a control character in a string", at);
    if (byte === backslash) at = skipEscape(bytes, at);
  }
  return fail("a string without end", start);
}

/** The last byte of the escape that begins at `start`. */
function skipEscape(bytes: Uint8Array, start: number): number {
  const byte = bytes[start + 1];
  if (byte === 0x75) {
    for (let at = start + 2; at < start + 6; at++) if (!isHexDigit(bytes[at])) fail("a broken escape", start);
    return start + 5;
  }
  // " \ / b f n r t
  if (
    byte === quote ||
    byte === backslash ||
    byte === 0x2f ||
    byte === 0x62 ||
    byte === 0x66 ||
    byte === 0x6e ||
    byte === 0x72 ||
    byte === 0x74
  )
    return start + 1;
  return fail("a broken escape", start);
}

function skipScalar(bytes: Uint8Array, start: number): number {
  switch (bytes[start]) {
    case quote:
      return skipString(bytes, start);
    case 0x74:
      return skipWord(bytes, start, "true");
    case 0x66:
      return skipWord(bytes, start, "false");
    case 0x6e:
      return skipWord(bytes, start, "null");
    default:
      return skipNumber(bytes, start);
  }
}

function skipWord(bytes: Uint8Array, start: number, word: string): number {
  for (let index = 0; index < word.length; index++)
    if (bytes[start + index] !== word.charCodeAt(index)) fail("an unknown word", start);
  return start + word.length;
}

function skipNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === 0x2d ? start + 1 : start;
  if (bytes[at] === 0x30) at++;
  else at = skipDigits(bytes, at);
  if (bytes[at] === 0x2e) at = skipDigits(bytes, at + 1);
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at++;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
    at = skipDigits(bytes, at);
  }
  return at;
}

function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at++;
  if (at === start) fail(start < bytes.length ? "no value" : "the end of the bytes", start);
  return at;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function isHexDigit(byte: number | undefined): boolean {
  if (isDigit(byte)) return true;
  const lower = (byte ?? 0) | 0x20;
  return lower >= 0x61 && lower <= 0x66;
}
