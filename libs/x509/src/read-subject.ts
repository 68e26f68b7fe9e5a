import { shortName } from "./attribute-types.ts";
import { children, DerError, type Element, expectElement, readElement, readOid, Tag } from "./der.ts";
import { type Attribute, type Name, NameError, type Rdn } from "./name.ts";
import { decodeString } from "./strings.ts";

/**
 * The subject of a certificate, as BoringSSL prints it: `formatName(readSubject(der))` is what Envoy writes for it.
 * Works for every kind of key, since the key is never looked at.
 */
export function readSubject(der: Uint8Array): Name {
  try {
    const certificate = expectElement(der, 0, der.length, Tag.Sequence);
    const toBeSigned = expectElement(der, certificate.content, certificate.end, Tag.Sequence);
    return nameAt(der, subjectOf(der, toBeSigned));
  } catch (error) {
    if (error instanceof DerError) throw new NameError(`not a certificate: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The subject of a certificate as hex of its DER: what chains and revocation lists compare, instead of its text. */
export const readSubjectBytes = (der: Uint8Array): string => nameBytes(der, subjectField);

/** The same of the issuer. */
export const readIssuerBytes = (der: Uint8Array): string => nameBytes(der, issuerField);

function nameBytes(der: Uint8Array, field: number): string {
  const certificate = expectElement(der, 0, der.length, Tag.Sequence);
  const name = fieldOf(der, expectElement(der, certificate.content, certificate.end, Tag.Sequence), field);
  return Buffer.from(der.subarray(name.start, name.end)).toString("hex");
}

/** Serial number and algorithm come first, the issuer and the validity then. */
const issuerField = 2;
const subjectField = 4;

/** The subject of a TBSCertificate. */
export const subjectOf = (der: Uint8Array, toBeSigned: Element): Element => fieldOf(der, toBeSigned, subjectField);

function fieldOf(der: Uint8Array, toBeSigned: Element, field: number): Element {
  const first = readElement(der, toBeSigned.content, toBeSigned.end);
  // [0] is the version, absent in version 1 certificates.
  let at = first.tag === 0xa0 ? first.end : first.start;
  for (let skipped = 0; skipped < field; skipped++) at = readElement(der, at, toBeSigned.end).end;
  return expectElement(der, at, toBeSigned.end, Tag.Sequence);
}

/** Reads an RDNSequence, last part first: RFC 2253 prints it so, and the parts of a multi-valued RDN as well. */
export function nameAt(der: Uint8Array, sequence: Element): Name {
  return children(der, sequence)
    .map((set): Rdn => {
      if (set.tag !== Tag.Set) throw new DerError(`tag ${set.tag} instead of a set at byte ${set.start}`);
      const attributes = children(der, set).map((pair) => readAttribute(der, pair));
      if (attributes.length === 0) throw new DerError(`empty set at byte ${set.start}`);
      return attributes.reverse();
    })
    .reverse();
}

function readAttribute(der: Uint8Array, pair: Element): Attribute {
  if (pair.tag !== Tag.Sequence) throw new DerError(`tag ${pair.tag} instead of a sequence at byte ${pair.start}`);
  const type = expectElement(der, pair.content, pair.end, Tag.Oid);
  const value = readElement(der, type.end, pair.end);
  if (value.end !== pair.end) throw new DerError(`trailing bytes in an attribute at byte ${value.end}`);
  const oid = readOid(der, type);
  const name = shortName(oid);
  const text = name === undefined ? undefined : decodeString(value.tag, der.subarray(value.content, value.end));
  if (text !== undefined) return { type: name ?? oid, value: text };
  const hex = Buffer.from(der.subarray(value.start, value.end)).toString("hex").toUpperCase();
  return { type: name ?? oid, value: undefined, hex };
}
