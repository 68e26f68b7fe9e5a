/** Universal tags of the ASN.1 string types that occur in names. */
export const StringTag = {
  utf8: 12,
  numeric: 18,
  printable: 19,
  t61: 20,
  ia5: 22,
  utcTime: 23,
  generalizedTime: 24,
  visible: 26,
  universal: 28,
  bmp: 30,
} as const;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a string's content, or undefined for a type that is no text and for bytes the type does not allow. */
export function decodeString(tag: number, content: Uint8Array): string | undefined {
  switch (tag) {
    case StringTag.utf8:
      try {
        return utf8.decode(content);
      } catch {
        return undefined;
      }
    // BoringSSL reads all of these as Latin-1, T61String included, whatever X.680 says.
    case StringTag.numeric:
    case StringTag.printable:
    case StringTag.t61:
    case StringTag.ia5:
    case StringTag.utcTime:
    case StringTag.generalizedTime:
    case StringTag.visible:
      return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("latin1");
    case StringTag.bmp:
      return decodeUnits(content, 2);
    case StringTag.universal:
      return decodeUnits(content, 4);
    default:
      return undefined;
  }
}

/** Big-endian code points of a fixed width; surrogates are no code points in either type. */
function decodeUnits(content: Uint8Array, width: 2 | 4): string | undefined {
  if (content.length % width !== 0) return undefined;
  let text = "";
  for (let at = 0; at < content.length; at += width) {
    let code = 0;
    for (let index = 0; index < width; index++) code = code * 256 + (content[at + index] as number);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    text += String.fromCodePoint(code);
  }
  return text;
}

/** How a value is written in a certificate, where the default of its type is not wanted. */
export type StringEncoding = "utf8" | "printable" | "ia5" | "t61" | "bmp" | "universal";

/** The content bytes of a text in one encoding, or undefined where the encoding has no way to say it. */
export function encodeString(encoding: StringEncoding, text: string): Buffer | undefined {
  switch (encoding) {
    case "utf8":
      return text.isWellFormed() ? Buffer.from(text, "utf8") : undefined;
    case "printable":
      return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text) ? Buffer.from(text, "latin1") : undefined;
    case "ia5":
      return isWithin(text, 0x7f) ? Buffer.from(text, "latin1") : undefined;
    case "t61":
      return isWithin(text, 0xff) ? Buffer.from(text, "latin1") : undefined;
    case "bmp":
      return isWithin(text, 0xffff) && text.isWellFormed() ? Buffer.from(text, "utf16le").swap16() : undefined;
    case "universal":
      return text.isWellFormed()
        ? Buffer.concat(Array.from(text, (character) => uint32(character.codePointAt(0) as number)))
        : undefined;
  }
}

function isWithin(text: string, limit: number): boolean {
  return Array.from(text).every((character) => (character.codePointAt(0) as number) <= limit);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
