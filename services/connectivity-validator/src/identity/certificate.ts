import { hash, X509Certificate } from "node:crypto";
import { type Name, readSubject } from "@application-connector/x509";
import type { Validity } from "./identity.ts";
import { createRecent, type RecentLimits } from "./recent.ts";

/** What a certificate says about itself. */
export interface CertificateFacts {
  readonly subject: Name;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly validity: Validity;
}

/** Reads certificates, each only once. */
export type ReadCertificate = (der: Uint8Array) => CertificateFacts | undefined;

/** Of one certificate a few hundred bytes. */
const limits: RecentLimits = { maxEntries: 32_768, maxCharacters: 32_768 * 64 };

/**
 * Remembers certificates by their digest: reading one costs more than all the rest of an identification, and a client
 * has the same one for months. What is no certificate is not remembered, or strangers could push out everybody else.
 */
export function readingOnce(read: ReadCertificate = readCertificate): ReadCertificate {
  const known = createRecent<CertificateFacts>(limits);
  return (der) => {
    const digest = digestOf(der);
    const remembered = known.get(digest);
    if (remembered !== undefined) return remembered;
    const facts = read(der);
    if (facts !== undefined) known.set(digest, facts);
    return facts;
  };
}

const digestOf = (der: Uint8Array): string => hash("sha256", der, "hex");

/** Reads a certificate with any kind of key, or returns undefined when the bytes are none. */
export function readCertificate(der: Uint8Array): CertificateFacts | undefined {
  try {
    const certificate = new X509Certificate(der);
    return {
      subject: readSubject(certificate.raw),
      sha256: digestOf(certificate.raw),
      validity: {
        notBeforeMs: certificate.validFromDate.getTime(),
        notAfterMs: certificate.validToDate.getTime(),
      },
    };
  } catch {
    return undefined;
  }
}

const onePem = /^\s*-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE-----\s*$/;

/** The DER bytes of a URL-encoded text that holds exactly one PEM certificate, or undefined. */
export function decodeCertificateText(text: string): Uint8Array | undefined {
  let pem: string;
  try {
    pem = decodeURIComponent(text);
  } catch {
    return undefined;
  }
  const base64 = onePem.exec(pem)?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, "base64");
}
