import type { KeyObject, X509Certificate } from "node:crypto";
import { type Asn1, bits, encode, implicit, integer, octets, oid, raw, sequence, tagged, time } from "./asn1.ts";
import { children, DerError, type Element, expectElement, readOid, Tag } from "./der.ts";
import { isSignedBy, signatureAlgorithm, signBytes } from "./keys.ts";

/** The certificates that an authority has taken back (RFC 5280, section 5). */
export interface RevocationList {
  readonly der: Uint8Array;
  /** The issuer's name, DER as hex: names are compared by their bytes. */
  readonly issuer: string;
  readonly thisUpdate: Date;
  /** When the next one is due; undefined when the issuer does not say. */
  readonly nextUpdate: Date | undefined;
  /** Serial numbers, as upper-case hex without leading zeros: `X509Certificate.serialNumber`. */
  readonly serials: ReadonlySet<string>;
  /** Whether it is signed by this authority. */
  isSignedBy(authority: X509Certificate): boolean;
}

/** The bytes are no certificate revocation list. */
export class RevocationListError extends Error {
  override readonly name = "RevocationListError";
}

/** Reads a list; its signature is not looked at. */
export function readRevocationList(der: Uint8Array): RevocationList {
  try {
    return read(der);
  } catch (error) {
    if (error instanceof DerError)
      throw new RevocationListError(`not a revocation list: ${error.message}`, { cause: error });
    throw error;
  }
}

const utcTime = 0x17;
const generalizedTime = 0x18;

function read(der: Uint8Array): RevocationList {
  const list = expectElement(der, 0, der.length, Tag.Sequence);
  const [signed, algorithm, signature] = children(der, list);
  if (signed?.tag !== Tag.Sequence || algorithm?.tag !== Tag.Sequence || signature?.tag !== Tag.BitString)
    throw new DerError("its three parts are not there");
  const fields = children(der, signed);
  // The version is left out in those of version 1.
  if (fields[0]?.tag === Tag.Integer) fields.shift();
  const [, issuer, thisUpdate, ...rest] = fields;
  if (issuer === undefined || thisUpdate === undefined) throw new DerError("it names no issuer or no time");
  const nextUpdate = isTime(rest[0]) ? rest.shift() : undefined;
  const revoked = rest[0]?.tag === Tag.Sequence ? rest[0] : undefined;
  return {
    der,
    issuer: Buffer.from(der.subarray(issuer.start, issuer.end)).toString("hex"),
    thisUpdate: dateOf(der, thisUpdate),
    nextUpdate: nextUpdate === undefined ? undefined : dateOf(der, nextUpdate),
    serials: new Set(revoked === undefined ? [] : children(der, revoked).map((entry) => serialOf(der, entry))),
    isSignedBy: (authority) => {
      const id = children(der, algorithm)[0];
      const content = der.subarray(signed.start, signed.end);
      const bytes = der.subarray(signature.content + 1, signature.end);
      return id !== undefined && isSignedBy(authority.publicKey, readOid(der, id), content, bytes);
    },
  };
}

const isTime = (element: Element | undefined): boolean => element?.tag === utcTime || element?.tag === generalizedTime;

function dateOf(der: Uint8Array, element: Element): Date {
  const text = Buffer.from(der.subarray(element.content, element.end)).toString("latin1");
  const digits = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!isTime(element) || digits === null) throw new DerError(`no time at byte ${element.start}`);
  const [, year = "", ...parts] = digits;
  // RFC 5280, 4.1.2.5.1: two digits are of 1950 to 2049.
  const full = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900);
  const [month = 1, day, hour, minute, second] = parts.map(Number);
  return new Date(Date.UTC(full, month - 1, day, hour, minute, second));
}

function serialOf(der: Uint8Array, entry: Element): string {
  const serial = expectElement(der, entry.content, entry.end, Tag.Integer);
  return serialText(der.subarray(serial.content, serial.end));
}

/** As `X509Certificate.serialNumber` has it. */
function serialText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes)
    .toString("hex")
    .toUpperCase()
    .replace(/^(?:00)+(?=.)/, "");
  return hex === "" ? "00" : hex;
}

export interface RevocationListOptions {
  /** Serial numbers as `X509Certificate.serialNumber` has them. */
  readonly serials: readonly string[];
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
}

const oneDayMs = 86_400_000;

/** DER of a version 2 list, for the authority with this name and key. */
export function signRevocationList(
  issuer: { readonly subject: Uint8Array; readonly keyIdentifier: Uint8Array | undefined; readonly key: KeyObject },
  { serials, thisUpdate = new Date(Date.now() - 300_000), nextUpdate }: RevocationListOptions,
): Buffer {
  const algorithm = signatureAlgorithm(issuer.key);
  const revoked = serials.map((serial) => sequence(integer(positive(serial)), time(thisUpdate)));
  const toBeSigned = sequence(
    integer(Buffer.of(1)),
    algorithm,
    raw(issuer.subject),
    time(thisUpdate),
    time(nextUpdate ?? new Date(thisUpdate.getTime() + 7 * oneDayMs)),
    ...(revoked.length === 0 ? [] : [sequence(...revoked)]),
    tagged(0, sequence(...extensions(issuer.keyIdentifier))),
  );
  return encode(sequence(toBeSigned, algorithm, bits(signBytes(issuer.key, encode(toBeSigned)))));
}

function extensions(keyIdentifier: Uint8Array | undefined): Asn1[] {
  const number = sequence(oid("2.5.29.20"), octets(encode(integer(positive(Date.now().toString(16))))));
  if (keyIdentifier === undefined) return [number];
  // authorityKeyIdentifier
  const authority = sequence(oid("2.5.29.35"), octets(encode(sequence(implicit(0, keyIdentifier)))));
  return [authority, number];
}

/** The bytes of a number given as hex; a first bit would make it negative. */
function positive(hex: string): Buffer {
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}
