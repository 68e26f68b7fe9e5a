import { X509Certificate } from "node:crypto";
import { type Name, readSubject } from "@application-connector/x509";
import type { Validity } from "./identity.ts";

/** What a certificate says about itself. */
export interface CertificateFacts {
  readonly subject: Name;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly validity: Validity;
}

/** Reads a certificate with any kind of key, or returns undefined when the bytes are none. */
export function readCertificate(der: Uint8Array): CertificateFacts | undefined {
  try {
    const certificate = new X509Certificate(der);
    return {
      subject: readSubject(certificate.raw),
      sha256: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
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
