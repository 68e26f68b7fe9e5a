import { createHash, type KeyObject } from "node:crypto";
import { certificatesFrom, privateKeyFrom } from "./pem.ts";
import { invalid, optionalText, type Secret } from "./secret.ts";

/** A private key and how tokens signed with it describe it (RFC 7515, 4.1). */
export interface SigningKey {
  readonly key: KeyObject;
  readonly pem: string;
  readonly header: { readonly alg: string; readonly kid?: string; readonly "x5t#S256"?: string; readonly x5t?: string };
}

const rsaAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const ofCurve: Readonly<Record<string, string>> = { prime256v1: "ES256", secp384r1: "ES384", secp521r1: "ES512" };
export const smallestRsaBits = 2048;

/**
 * Reads `signingKey` (PEM), `signingAlgorithm` (the first that the key can do, when absent), `keyId`, and
 * `signingCertificate`, for servers that know a key by its certificate.
 */
export function signingKeyFrom(secret: Secret): SigningKey {
  const { key, pem } = privateKeyFrom(secret, "signingKey");
  const possible = algorithmsOf(key);
  if (possible[0] === undefined) throw invalid(secret, "signingKey", "is of a kind that can't sign tokens");
  if ((key.asymmetricKeyDetails?.modulusLength ?? smallestRsaBits) < smallestRsaBits) {
    throw invalid(secret, "signingKey", `is too short; RSA keys need ${smallestRsaBits} bits`);
  }
  const alg = optionalText(secret, "signingAlgorithm") ?? possible[0];
  if (!possible.includes(alg)) throw invalid(secret, "signingAlgorithm", `must be one of ${possible.join(", ")}`);
  const kid = optionalText(secret, "keyId");
  return { key, pem, header: { alg, ...(kid === undefined ? {} : { kid }), ...thumbprints(secret, key) } };
}

function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly string[] {
  switch (asymmetricKeyType) {
    case "rsa":
      return rsaAlgorithms;
    case "ec":
      return [ofCurve[asymmetricKeyDetails?.namedCurve ?? ""] ?? []].flat();
    case "ed25519":
      return ["EdDSA", "Ed25519"];
    default:
      return [];
  }
}

function thumbprints(secret: Secret, key: KeyObject): Pick<SigningKey["header"], "x5t" | "x5t#S256"> {
  if (optionalText(secret, "signingCertificate") === undefined) return {};
  const certificate = certificatesFrom(secret, "signingCertificate").find((candidate) =>
    candidate.checkPrivateKey(key),
  );
  if (certificate === undefined) throw invalid(secret, "signingCertificate", "does not belong to the key 'signingKey'");
  const print = (algorithm: string): string => createHash(algorithm).update(certificate.raw).digest("base64url");
  return { x5t: print("sha1"), "x5t#S256": print("sha256") };
}
