import { type KeyObject, randomBytes } from "node:crypto";
import { type Asn1, bits, encode, integer, raw, sequence, tagged, time } from "./asn1.ts";
import { children, type Element, expectElement, readOid, Tag } from "./der.ts";
import { type RsaDigest, signatureAlgorithm, signBytes } from "./keys.ts";
import { subjectOf } from "./read-subject.ts";

const DAY_MS = 86_400_000;
// Clocks of two machines differ; a certificate must not be refused in the minute it was made.
const BACKDATE_MS = 5 * 60_000;

/** Everything in a certificate that is not derived from the signing key. */
export interface Contents {
  issuer: Asn1;
  subject: Asn1;
  publicKey: Uint8Array;
  notBefore: Date;
  notAfter: Date;
  extensions: Asn1[];
  /** Random unless given. */
  serialNumber?: bigint | undefined;
  /** SHA-256 unless given; for RSA keys only. */
  digest?: RsaDigest | undefined;
}

/** DER of an X.509 v3 certificate, signed by `key`. */
export function signCertificate(contents: Contents, key: KeyObject): Buffer {
  const algorithm = signatureAlgorithm(key, contents.digest);
  const toBeSigned = sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(contents.serialNumber === undefined ? randomSerialNumber() : bytesOf(contents.serialNumber)),
    algorithm,
    contents.issuer,
    sequence(time(contents.notBefore), time(contents.notAfter)),
    contents.subject,
    raw(contents.publicKey),
    tagged(3, sequence(...contents.extensions)),
  );
  return encode(sequence(toBeSigned, algorithm, bits(signBytes(key, encode(toBeSigned), contents.digest))));
}

/** 16 random bytes; the first makes the number positive and of full length. */
function randomSerialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
  return bytes;
}

/** The bytes of a positive number; one more when the first would make it negative. */
function bytesOf(number: bigint): Buffer {
  if (number <= 0n) throw new TypeError("a serial number is positive");
  const hex = number.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return (bytes[0] as number) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]);
}

/** From now, or from and until when asked. */
export function validity(wanted: { days: number; notBefore?: Date | undefined; notAfter?: Date | undefined }): {
  notBefore: Date;
  notAfter: Date;
} {
  const now = Date.now();
  return {
    notBefore: wanted.notBefore ?? new Date(now - BACKDATE_MS),
    notAfter: wanted.notAfter ?? new Date((wanted.notBefore?.getTime() ?? now) + wanted.days * DAY_MS),
  };
}

/** What an issuer's certificate must lend to those it signs. */
export interface IssuerParts {
  /** Byte for byte: chain building compares encodings, not texts. */
  subject: Buffer;
  keyIdentifier: Buffer | undefined;
}

export function issuerParts(der: Uint8Array): IssuerParts {
  const certificate = expectElement(der, 0, der.length, Tag.Sequence);
  const toBeSigned = expectElement(der, certificate.content, certificate.end, Tag.Sequence);
  const subject = subjectOf(der, toBeSigned);
  return {
    subject: Buffer.from(der.subarray(subject.start, subject.end)),
    keyIdentifier: subjectKeyIdentifier(der, toBeSigned),
  };
}

/** The content of the subjectKeyIdentifier extension; an AKI that differs from it breaks the chain. */
function subjectKeyIdentifier(der: Uint8Array, toBeSigned: Element): Buffer | undefined {
  const wrapper = children(der, toBeSigned).find(({ tag }) => tag === 0xa3);
  if (wrapper === undefined) return undefined;
  for (const extension of children(der, expectElement(der, wrapper.content, wrapper.end, Tag.Sequence))) {
    const parts = children(der, extension);
    const [id, value] = [parts[0], parts.at(-1)];
    if (id === undefined || value === undefined || readOid(der, id) !== "2.5.29.14") continue;
    const identifier = expectElement(der, value.content, value.end, Tag.OctetString);
    return Buffer.from(der.subarray(identifier.content, identifier.end));
  }
  return undefined;
}
