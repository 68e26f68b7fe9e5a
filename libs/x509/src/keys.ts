import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { type Asn1, nothing, oid, sequence } from "./asn1.ts";
import { children, expectElement, Tag } from "./der.ts";

/** RSA with 2048 bits, P-256, or Ed25519. */
export type KeyType = "rsa" | "ec" | "ed25519";

/** A fresh private key. */
export function generateKey(type: KeyType): KeyObject {
  switch (type) {
    case "rsa":
      return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    case "ec":
      return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    case "ed25519":
      return generateKeyPairSync("ed25519").privateKey;
  }
}

export function keyToPem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

export function keyFromPem(pem: string): KeyObject {
  return createPrivateKey(pem);
}

/** DER of the SubjectPublicKeyInfo that belongs to a private or public key. */
export function publicKeyInfo(key: KeyObject): Buffer {
  return (key.type === "private" ? createPublicKey(key) : key).export({ type: "spki", format: "der" });
}

/** RFC 7093, method 1: the leftmost 160 bits of the SHA-256 of the public key's bits. */
export function keyIdentifier(spki: Uint8Array): Buffer {
  const [, bitString] = children(spki, expectElement(spki, 0, spki.length, Tag.Sequence));
  if (bitString === undefined) throw new TypeError("a public key without bits");
  return hash("sha256", spki.subarray(bitString.content + 1, bitString.end), "buffer").subarray(0, 20);
}

/** The digest below an RSA signature; other keys bring their own. */
export type RsaDigest = "sha256" | "sha384" | "sha512";

const rsaWith: Readonly<Record<RsaDigest, string>> = {
  sha256: "1.2.840.113549.1.1.11",
  sha384: "1.2.840.113549.1.1.12",
  sha512: "1.2.840.113549.1.1.13",
};

/** How a key signs: the AlgorithmIdentifier, and the digest name for node:crypto (Ed25519 has its own inside). */
function signatureScheme(key: KeyObject, digest: RsaDigest): { algorithm: Asn1; digest: string | null } {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return { algorithm: sequence(oid(rsaWith[digest]), nothing()), digest };
    case "ec":
      // A longer curve deserves a longer digest (RFC 5753, section 8), and TLS 1.3 names them in pairs.
      switch (key.asymmetricKeyDetails?.namedCurve) {
        case "secp384r1":
          return { algorithm: sequence(oid("1.2.840.10045.4.3.3")), digest: "sha384" };
        case "secp521r1":
          return { algorithm: sequence(oid("1.2.840.10045.4.3.4")), digest: "sha512" };
        default:
          return { algorithm: sequence(oid("1.2.840.10045.4.3.2")), digest: "sha256" };
      }
    case "ed25519":
      return { algorithm: sequence(oid("1.3.101.112")), digest: null };
    default:
      throw new TypeError(`cannot sign with a key of type ${key.asymmetricKeyType}`);
  }
}

const digests: Readonly<Record<string, string | null>> = {
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
  "1.3.101.112": null,
};

/** Whether `signature` over `bytes` is of that key; false as well for algorithms nobody should use any more. */
export function isSignedBy(key: KeyObject, algorithm: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  const digest = digests[algorithm];
  return digest !== undefined && verify(digest, bytes, key, signature);
}

/** The name of the digest of a signature algorithm; undefined for those that have none or that nobody should use. */
export const digestOf = (algorithm: string): string | undefined => digests[algorithm] ?? undefined;

export const signatureAlgorithm = (key: KeyObject, digest: RsaDigest = "sha256"): Asn1 =>
  signatureScheme(key, digest).algorithm;

export const signBytes = (key: KeyObject, bytes: Uint8Array, digest: RsaDigest = "sha256"): Buffer =>
  sign(signatureScheme(key, digest).digest, bytes, key);
