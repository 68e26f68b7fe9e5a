import forge from "node-forge";

const { asn1 } = forge;

/** A value being built. Forge keeps bytes as latin1 strings; nothing outside this file has to know. */
export type Asn1 = forge.asn1.Asn1;

const universal = (type: number, constructed: boolean, value: string | Asn1[]): Asn1 =>
  asn1.create(asn1.Class.UNIVERSAL, type, constructed, value);

const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

export const sequence = (...items: Asn1[]): Asn1 => universal(asn1.Type.SEQUENCE, true, items);
export const integer = (bytes: Uint8Array): Asn1 => universal(asn1.Type.INTEGER, false, binary(bytes));
export const boolean = (value: boolean): Asn1 => universal(asn1.Type.BOOLEAN, false, value ? "\xff" : "\0");
export const nothing = (): Asn1 => universal(asn1.Type.NULL, false, "");
export const octets = (bytes: Uint8Array): Asn1 => universal(asn1.Type.OCTETSTRING, false, binary(bytes));
export const oid = (dotted: string): Asn1 => universal(asn1.Type.OID, false, binary(oidContent(dotted)));

/** Forge's own encoder is wrong where the second arc is above 47 and refuses arcs above 32 bits. */
function oidContent(dotted: string): Uint8Array {
  const [root = 0n, second = 0n, ...rest] = dotted.split(".").map(BigInt);
  return Uint8Array.from([root * 40n + second, ...rest].flatMap(base128));
}

/** Groups of seven bits, all but the last marked by the high bit. */
function base128(arc: bigint): number[] {
  const groups = [Number(arc & 0x7fn)];
  for (let left = arc >> 7n; left > 0n; left >>= 7n) groups.unshift(Number(left & 0x7fn) | 0x80);
  return groups;
}

/** A string type with its content. Forge widens the characters of a BMPString itself, so it wants them decoded. */
export const text = (tag: number, content: Uint8Array): Asn1 =>
  universal(
    tag,
    false,
    tag === asn1.Type.BMPSTRING ? Buffer.from(content).swap16().toString("utf16le") : binary(content),
  );

/** A bit string; `unused` bits at the end of the last byte do not count. */
export const bits = (bytes: Uint8Array, unused = 0): Asn1 =>
  universal(asn1.Type.BITSTRING, false, String.fromCharCode(unused) + binary(bytes));

/** A SET OF: DER wants its members in the order of their encodings. */
export function setOf(...items: Asn1[]): Asn1 {
  const sorted = items
    .map((item) => ({ item, bytes: encode(item) }))
    .sort((one, other) => Buffer.compare(one.bytes, other.bytes))
    .map(({ item }) => item);
  return universal(asn1.Type.SET, true, sorted);
}

/** `[number]` around values (explicit, constructed). */
export const tagged = (number: number, ...items: Asn1[]): Asn1 =>
  asn1.create(asn1.Class.CONTEXT_SPECIFIC, number, true, items);

/** `[number]` in place of a primitive type's own tag (implicit). */
export const implicit = (number: number, bytes: Uint8Array): Asn1 =>
  asn1.create(asn1.Class.CONTEXT_SPECIFIC, number, false, binary(bytes));

/** RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from then on. */
export function time(date: Date): Asn1 {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? universal(asn1.Type.UTCTIME, false, digits.slice(2))
    : universal(asn1.Type.GENERALIZEDTIME, false, digits);
}

/** Takes over an encoding made elsewhere, byte for byte. */
export const raw = (der: Uint8Array): Asn1 => asn1.fromDer(binary(der));

export const encode = (value: Asn1): Buffer => Buffer.from(asn1.toDer(value).getBytes(), "latin1");
