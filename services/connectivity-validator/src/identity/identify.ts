import { type ReadCertificate, readingOnce } from "./certificate.ts";
import { clientElement, type ProxyChain } from "./client-element.ts";
import { type CertificatePolicy, identifyClient } from "./evidence.ts";
import { type Identity, identityOf, isRejection, isValidAt, type Rejection, rejection } from "./identity.ts";
import { createRecent, type RecentLimits } from "./recent.ts";

export interface IdentifySettings extends ProxyChain {
  readonly certificate: CertificatePolicy;
}

/** Tells who a caller is from what the ingress, or the TLS connection, says about its certificate. */
export interface Identify {
  fromHeader(header: string, nowMs: number): Identity | Rejection;
  fromCertificate(der: Uint8Array, nowMs: number): Identity | Rejection;
}

const limits: RecentLimits = { maxEntries: 2048, maxCharacters: 8 * 1024 * 1024 };
const notNow = rejection("certificate_not_valid_now", "the client certificate is expired or not yet valid");

/**
 * A client sends the same header with every event: the whole text is the key, so that a repeated one costs no parsing
 * at all. Rejected texts are not remembered, or a stranger could push out everybody else.
 */
export function createIdentify(settings: IdentifySettings, readCertificate: ReadCertificate = readingOnce()): Identify {
  const headers = createRecent<Identity>(limits);
  // A connection always gives the same bytes, so that this lasts as long as the connection.
  const peers = new WeakMap<Uint8Array, Identity>();

  const read = (header: string): Identity | Rejection => {
    const element = clientElement(header, settings);
    return isRejection(element) ? element : identifyClient(element, settings.certificate, readCertificate);
  };

  return {
    fromHeader(header, nowMs) {
      let identity = headers.get(header);
      if (identity === undefined) {
        const result = read(header);
        if (isRejection(result)) return result;
        headers.set(header, result);
        identity = result;
      }
      const { validity } = identity;
      return settings.certificate === "require" && !(validity && isValidAt(validity, nowMs)) ? notNow : identity;
    },
    fromCertificate(der, nowMs) {
      let identity = peers.get(der);
      if (identity === undefined) {
        const facts = readCertificate(der);
        if (facts === undefined) return rejection("certificate_unreadable", "the client certificate cannot be read");
        const result = identityOf(facts.subject, { certSha256: facts.sha256, validity: facts.validity });
        if (isRejection(result)) return result;
        peers.set(der, result);
        identity = result;
      }
      // A connection can outlive the certificate it was opened with.
      return identity.validity && isValidAt(identity.validity, nowMs) ? identity : notNow;
    },
  };
}
