import { type Attribute, type Name, NameError, type Rdn } from "./name.ts";

const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const HASH = 0x23;
const PLUS = 0x2b;

// Fatal, because two different broken byte strings must not become the same text; and a byte order mark is kept,
// because dropping it would make `\EF\BB\BFapp` equal to `app`.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a distinguished name as BoringSSL, and so Envoy, prints it (RFC 2253, a subset of RFC 4514).
 * Values are not trimmed or normalised. Throws {@link NameError}; its message never contains the text itself.
 */
export function parseName(text: string): Name {
  const name: Rdn[] = [];
  if (text === "") return name;
  let rdn: Attribute[] = [];
  for (let at = 0; ; at++) {
    const equals = typeEnd(text, at);
    const end = valueEnd(text, equals + 1);
    rdn.push(attribute(text, at, equals, end));
    at = end;
    if (at < text.length && text.charCodeAt(at) === PLUS) continue;
    name.push(rdn);
    if (at >= text.length) return name;
    rdn = [];
  }
}

/** The position of the first `=`, once everything before it is a short name or a dotted OID. */
function typeEnd(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === EQUALS) break;
    if (!isTypeCharacter(code)) {
      const what =
        code === COMMA || code === PLUS
          ? "a part of the name has no '='"
          : "an attribute type has an illegal character";
      throw new NameError(`${what} at offset ${at}`);
    }
  }
  if (at === text.length) throw new NameError(`a part of the name has no '=' at offset ${start}`);
  if (at === start) throw new NameError(`an attribute has no type at offset ${start}`);
  return at;
}

function isTypeCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || // a-z
    (code >= 0x41 && code <= 0x5a) || // A-Z
    (code >= 0x30 && code <= 0x39) || // 0-9
    code === 0x2e || // .
    code === 0x2d || // -
    code === 0x5f // _
  );
}

/** The position of the unescaped `,` or `+` behind a value, or the end of the text. */
function valueEnd(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === PLUS) break;
    if (code === BACKSLASH) {
      if (++at === text.length) throw new NameError("the name ends in a dangling backslash");
    } else if (mustBeEscaped(code)) {
      throw new NameError(`a character that must be escaped is not, at offset ${at}`);
    }
  }
  return at;
}

/** `"`, `;`, `<`, `>`: printers always escape them, and older readers give them a meaning of their own. */
function mustBeEscaped(code: number): boolean {
  return code === 0x22 || code === 0x3b || code === 0x3c || code === 0x3e;
}

function attribute(text: string, start: number, equals: number, end: number): Attribute {
  const type = text.slice(start, equals);
  if (text.charCodeAt(equals + 1) === HASH && equals + 1 < end) {
    const hex = text.slice(equals + 2, end);
    if (!isHex(hex)) throw new NameError(`a value after '#' is not hexadecimal, at offset ${equals + 1}`);
    return { type, value: undefined, hex: hex.toUpperCase() };
  }
  const raw = text.slice(equals + 1, end);
  if (raw.includes("\\")) return { type, value: unescapeValue(raw, equals + 1) };
  if (!raw.isWellFormed()) throw new NameError(`a value is not valid Unicode, at offset ${equals + 1}`);
  return { type, value: raw };
}

function isHex(text: string): boolean {
  if (text === "" || text.length % 2 === 1) return false;
  for (let at = 0; at < text.length; at++) if (hexDigit(text.charCodeAt(at)) < 0) return false;
  return true;
}

/** Undoes `\` + special character and `\` + two hex digits; the bytes together must be UTF-8. */
function unescapeValue(raw: string, offset: number): string {
  const bytes = Buffer.from(raw, "utf8");
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at] as number;
    if (byte === BACKSLASH) {
      byte = bytes[++at] as number;
      const high = hexDigit(byte);
      const low = hexDigit(bytes[at + 1] ?? 0);
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        at++;
      } else if (!isSpecial(byte)) {
        throw new NameError(`a backslash protects nothing, in the value at offset ${offset}`);
      }
    }
    bytes[length++] = byte;
  }
  try {
    if (raw.isWellFormed()) return utf8.decode(bytes.subarray(0, length));
  } catch {
    // Answered below: the decoder's own message would not say where.
  }
  throw new NameError(`a value is not valid UTF-8, at offset ${offset}`);
}

/** `"`, `#`, `+`, `,`, `;`, `<`, `=`, `>`, `\` and space. */
function isSpecial(code: number): boolean {
  return (
    mustBeEscaped(code) ||
    code === COMMA ||
    code === PLUS ||
    code === HASH ||
    code === EQUALS ||
    code === BACKSLASH ||
    code === 0x20
  );
}

/** The value of a hexadecimal digit, -1 for any other character. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
