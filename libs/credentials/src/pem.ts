import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { Problem } from "@application-connector/problem";
import type { ClientCertificate } from "./credential.ts";
import { required, type Secret } from "./secret.ts";

const keyLabels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

/**
 * Reads `crt` and `key` of a Secret. Text, other blocks and a chain may stand around the leaf, in any order: the leaf
 * is the certificate that the key belongs to.
 */
export function clientCertificateFrom(secret: Secret): ClientCertificate {
  for (const name of ["crt", "key"]) required(secret, name);
  const certificates = certificatesFrom(secret, "crt");
  const { key, pem } = privateKeyFrom(secret, "key");
  const leaf = certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (leaf === undefined) throw invalid(secret, "the key 'key' does not belong to a certificate in 'crt'");
  const chain = [leaf, ...certificates.filter((certificate) => certificate !== leaf)];
  return {
    cert: chain.map((certificate) => certificate.toString()).join(""),
    key: pem,
    expiresAt: leaf.validToDate.getTime(),
  };
}

/** The certificates under a key, at least one. */
export function certificatesFrom(secret: Secret, name: string): X509Certificate[] {
  const blocks = blocksOf(required(secret, name).toString("latin1"), "CERTIFICATE");
  if (blocks.length === 0) throw invalid(secret, `key '${name}' holds no certificate`);
  return blocks.map((block) => {
    try {
      return new X509Certificate(block);
    } catch (cause) {
      throw invalid(secret, `key '${name}' holds a certificate that can't be read`, cause);
    }
  });
}

/** The private key under a key. Blocks such as EC PARAMETERS may stand before it. */
export function privateKeyFrom(secret: Secret, name: string): { key: KeyObject; pem: string } {
  const text = required(secret, name).toString("latin1");
  const [pem] = keyLabels.flatMap((label) => blocksOf(text, label));
  if (pem === undefined) throw invalid(secret, `key '${name}' holds no private key`);
  try {
    return { key: createPrivateKey(pem), pem };
  } catch (cause) {
    throw invalid(secret, `key '${name}' holds a private key that can't be read`, cause);
  }
}

/** The PEM blocks of a kind. Takes time in proportion to the text, whatever is in it: everybody's calls wait meanwhile. */
function blocksOf(text: string, label: string): string[] {
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
  return text.split(begin).flatMap((part, index) => {
    const length = index === 0 ? -1 : part.indexOf(end);
    return length < 0 ? [] : [begin + part.slice(0, length) + end];
  });
}

function invalid(secret: Secret, why: string, cause?: unknown): Problem {
  return new Problem("CERTIFICATE_INVALID", `Failed to prepare certificate, secret '${secret.name}': ${why}`, {
    cause,
  });
}
