import { createHmac, hash, type KeyObject, randomBytes } from "node:crypto";
import forge from "node-forge";
import { type Asn1, encode, integer, nothing, octets, oid, raw, sequence, setOf, tagged, text } from "./asn1.ts";
import type { Issued } from "./authority.ts";
import { keyFromPem } from "./keys.ts";
import { fromPem } from "./pem.ts";
import { encodeString, StringTag } from "./strings.ts";

const ITERATIONS = 2048;

const Oid = {
  data: "1.2.840.113549.1.7.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certBag: "1.2.840.113549.1.12.10.1.3",
  x509Certificate: "1.2.840.113549.1.9.22.1",
  friendlyName: "1.2.840.113549.1.9.20",
  localKeyId: "1.2.840.113549.1.9.21",
  sha256: "2.16.840.1.101.3.4.2.1",
} as const;

export interface Pkcs12Options {
  /** Certificates above the holder's, PEM: what the holder sends along in a handshake. */
  chain?: string;
  /** What browsers and key stores show. */
  friendlyName?: string;
}

/**
 * A PKCS#12 file (RFC 7292) for browsers, Java and Windows. The key is encrypted with AES-256 (PBES2), the whole
 * protected by HMAC-SHA-256; certificates are public and stay readable.
 */
export function toPkcs12(issued: Issued, password: string, options: Pkcs12Options = {}): Buffer {
  const [certificate, ...others] = fromPem(issued.certificate + (options.chain ?? ""), "CERTIFICATE");
  if (certificate === undefined) throw new TypeError("there is no PEM certificate to put into the file");
  const attributes = bagAttributes(hash("sha1", certificate, "buffer"), options.friendlyName);
  const certificates = sequence(certBag(certificate, attributes), ...others.map((other) => certBag(other)));
  const keys = sequence(keyBag(keyFromPem(issued.key), password, attributes));
  const authenticatedSafe = encode(sequence(dataContent(encode(certificates)), dataContent(encode(keys))));
  return encode(sequence(integer(Buffer.of(3)), dataContent(authenticatedSafe), macData(authenticatedSafe, password)));
}

const dataContent = (content: Buffer): Asn1 => sequence(oid(Oid.data), tagged(0, octets(content)));

function certBag(certificate: Buffer, attributes?: Asn1): Asn1 {
  const value = sequence(oid(Oid.x509Certificate), tagged(0, octets(certificate)));
  return sequence(oid(Oid.certBag), tagged(0, value), ...(attributes === undefined ? [] : [attributes]));
}

function keyBag(key: KeyObject, password: string, attributes: Asn1): Asn1 {
  const encrypted = key.export({ type: "pkcs8", format: "der", cipher: "aes-256-cbc", passphrase: password });
  return sequence(oid(Oid.shroudedKeyBag), tagged(0, raw(encrypted)), attributes);
}

/** Ties key and certificate together: readers look for the same id on both. */
function bagAttributes(keyId: Buffer, friendlyName: string | undefined): Asn1 {
  const items = [sequence(oid(Oid.localKeyId), setOf(octets(keyId)))];
  if (friendlyName !== undefined) {
    const name = encodeString("bmp", friendlyName);
    if (name === undefined) throw new TypeError("the friendly name has characters beyond the basic multilingual plane");
    items.push(sequence(oid(Oid.friendlyName), setOf(text(StringTag.bmp, name))));
  }
  return setOf(...items);
}

function macData(content: Buffer, password: string): Asn1 {
  const salt = randomBytes(16);
  const key = macKey(password, salt);
  const digest = createHmac("sha256", key).update(content).digest();
  const iterations = Buffer.alloc(2);
  iterations.writeUInt16BE(ITERATIONS);
  return sequence(sequence(sequence(oid(Oid.sha256), nothing()), octets(digest)), octets(salt), integer(iterations));
}

/** RFC 7292, appendix B, with purpose 3 (integrity). */
function macKey(password: string, salt: Buffer): Buffer {
  const derived = forge.pkcs12.generateKey(
    password,
    forge.util.createBuffer(salt.toString("latin1")),
    3,
    ITERATIONS,
    32,
    forge.md.sha256.create(),
  );
  return Buffer.from(derived.getBytes(), "latin1");
}
