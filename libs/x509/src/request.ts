import { createPublicKey, type KeyObject } from "node:crypto";
import { bits, encode, integer, oid, raw, sequence, setOf, tagged } from "./asn1.ts";
import type { Authority, LeafOptions } from "./authority.ts";
import { children, DerError, type Element, expectElement, readOid, Tag } from "./der.ts";
import { encodeName } from "./encode-name.ts";
import { alternativeNames } from "./extensions.ts";
import {
  digestOf,
  generateKey,
  isSignedBy,
  type KeyType,
  keyFromPem,
  keyToPem,
  publicKeyInfo,
  signatureAlgorithm,
  signBytes,
} from "./keys.ts";
import type { Name } from "./name.ts";
import { fromPem, toPem } from "./pem.ts";
import { nameAt } from "./read-subject.ts";

/** The certificate signing request is unreadable, or its sender does not hold the private key. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly reason: "no PEM" | "unreadable" | "signature" | "weak key";

  constructor(reason: RequestError["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export interface RequestOptions {
  subject: Name | string;
  keyType?: KeyType;
  /** PKCS#8 PEM of a key to use instead of a fresh one. */
  key?: string;
  dnsNames?: string[];
  ipAddresses?: string[];
  uris?: string[];
}

/** A certificate signing request (PKCS#10, RFC 2986) and its private key, both PEM. */
export function createRequest(options: RequestOptions): { request: string; key: string } {
  const key = options.key === undefined ? generateKey(options.keyType ?? "ec") : keyFromPem(options.key);
  const extensions = alternativeNames(options);
  // Attribute extensionRequest (RFC 2985, 5.4.2).
  const attributes = extensions.map((name) => sequence(oid("1.2.840.113549.1.9.14"), setOf(sequence(name))));
  const toBeSigned = sequence(
    integer(Buffer.of(0)),
    encodeName(options.subject),
    raw(publicKeyInfo(key)),
    tagged(0, ...attributes),
  );
  const der = encode(sequence(toBeSigned, signatureAlgorithm(key), bits(signBytes(key, encode(toBeSigned)))));
  return { request: toPem("CERTIFICATE REQUEST", der), key: keyToPem(key) };
}

/**
 * The certificate (PEM) for a request. The subject is the request's unless another is given; names and uses that the
 * request asks for are ignored: they are the authority's to grant.
 */
export function signRequest(
  authority: Authority,
  request: string,
  options: LeafOptions & { subject?: Name | string },
): string {
  const { subject, publicKey, key } = readRequest(request);
  const name = options.subject === undefined ? raw(subject) : encodeName(options.subject);
  return authority.certify(name, publicKey, key.asymmetricKeyType === "rsa", options);
}

/** The subject a request asks for, once its signature has shown that the sender holds the key. */
export function readRequestSubject(request: string): Name {
  const { subject } = readRequest(request);
  return nameAt(subject, expectElement(subject, 0, subject.length, Tag.Sequence));
}

/** What a request says of itself, once its signature has shown that the sender holds the key. */
export function describeRequest(request: string): { subject: Name; keyType: string; digest: string | undefined } {
  const { subject, key, digest } = readRequest(request);
  const name = nameAt(subject, expectElement(subject, 0, subject.length, Tag.Sequence));
  return { subject: name, keyType: key.asymmetricKeyType ?? "unknown", digest };
}

interface ReadRequest {
  subject: Buffer;
  publicKey: Buffer;
  key: KeyObject;
  digest: string | undefined;
}

function readRequest(pem: string): ReadRequest {
  const [der] = fromPem(pem, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
  if (der === undefined) throw new RequestError("no PEM", "no PEM block CERTIFICATE REQUEST");
  const slice = ({ start, end }: Element) => der.subarray(start, end);
  try {
    const [toBeSigned, algorithm, signature] = children(der, expectElement(der, 0, der.length, Tag.Sequence));
    if (toBeSigned === undefined || algorithm === undefined || signature === undefined) throw new DerError("truncated");
    const [, subject, publicKey] = children(der, toBeSigned);
    if (subject === undefined || publicKey === undefined) throw new DerError("truncated");
    nameAt(der, subject);
    const key = publicKeyOf(slice(publicKey));
    const oid = readOid(der, expectElement(der, algorithm.content, algorithm.end, Tag.Oid));
    if (!isSignedBy(key, oid, slice(toBeSigned), der.subarray(signature.content + 1, signature.end))) {
      throw new RequestError("signature", "the request is not signed by its own key");
    }
    return { subject: slice(subject), publicKey: slice(publicKey), key, digest: digestOf(oid) };
  } catch (error) {
    if (error instanceof DerError)
      throw new RequestError("unreadable", `not a request: ${error.message}`, { cause: error });
    throw error;
  }
}

function publicKeyOf(spki: Buffer): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: spki, format: "der", type: "spki" });
  } catch (cause) {
    throw new RequestError("unreadable", "the request's public key is unreadable", { cause });
  }
  const length = key.asymmetricKeyDetails?.modulusLength;
  if (length !== undefined && length < 2048)
    throw new RequestError("weak key", `an RSA key of ${length} bits is too weak`);
  return key;
}
