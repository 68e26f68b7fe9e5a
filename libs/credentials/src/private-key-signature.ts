import { constants, type KeyObject, sign } from "node:crypto";
import type { Credential } from "./credential.ts";
import { messageSignature, type Signer } from "./message-signature.ts";
import { privateKeyFrom } from "./pem.ts";
import { invalid, optionalText, type Secret } from "./secret.ts";
import { smallestRsaBits } from "./signing-key.ts";

type Sign = (base: Buffer, key: KeyObject) => Buffer;

const ecdsa =
  (hash: string): Sign =>
  (base, key) =>
    sign(hash, base, { key, dsaEncoding: "ieee-p1363" });

const { RSA_PKCS1_PSS_PADDING: padding } = constants;
const rsa: Readonly<Record<string, Sign>> = {
  "rsa-pss-sha512": (base, key) => sign("sha512", base, { key, padding, saltLength: 64 }),
  "rsa-v1_5-sha256": (base, key) => sign("sha256", base, key),
};
const ofCurve: Readonly<Record<string, Readonly<Record<string, Sign>>>> = {
  prime256v1: { "ecdsa-p256-sha256": ecdsa("sha256") },
  secp384r1: { "ecdsa-p384-sha384": ecdsa("sha384") },
};
const ed25519: Readonly<Record<string, Sign>> = { ed25519: (base, key) => sign(null, base, key) };

/**
 * `PrivateKeySignature`: calls are signed with a private key, `signingKey` (PEM), whose public key the target has (RFC 9421,
 * 3.3). RSA unless the key is of another kind; `signingAlgorithm` says which way of it.
 */
export function privateKeySignature(secret: Secret): Credential {
  const { key } = privateKeyFrom(secret, "signingKey");
  return messageSignature("PrivateKeySignature", secret, signerOf(secret, key));
}

function signerOf(secret: Secret, key: KeyObject): Signer {
  const possible = algorithmsOf(key);
  const [usual] = Object.keys(possible);
  if (usual === undefined) throw invalid(secret, "signingKey", "is of a kind that can't sign calls");
  if ((key.asymmetricKeyDetails?.modulusLength ?? smallestRsaBits) < smallestRsaBits) {
    throw invalid(secret, "signingKey", `is too short; RSA keys need ${smallestRsaBits} bits`);
  }
  const alg = optionalText(secret, "signingAlgorithm") ?? usual;
  const signs = Object.hasOwn(possible, alg) ? possible[alg] : undefined;
  if (signs === undefined) {
    throw invalid(secret, "signingAlgorithm", `must be one of ${Object.keys(possible).join(", ")}`);
  }
  return { alg, sign: (base) => signs(base, key) };
}

function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Readonly<Record<string, Sign>> {
  switch (asymmetricKeyType) {
    case "rsa":
      return rsa;
    case "ec":
      return ofCurve[asymmetricKeyDetails?.namedCurve ?? ""] ?? {};
    case "ed25519":
      return ed25519;
    default:
      return {};
  }
}
