import type { X509Certificate } from "node:crypto";
import { type RevocationList, readSubjectBytes } from "@application-connector/x509";
import type { DenyList } from "./deny-list.ts";

/** Whom the listener for mutual TLS believes, beyond what a handshake checks. */
export interface Trust {
  /** Of a client whose certificate has just been verified. */
  admits(certificate: X509Certificate): boolean;
  /** Of a client that came earlier: would it be let in again? `chain` is what it sent along then. */
  keeps(certificate: X509Certificate, chain: () => readonly X509Certificate[]): boolean;
}

/** Longer than any chain there is. */
const maxDepth = 8;

export function createTrust(
  authorities: readonly X509Certificate[],
  lists: readonly RevocationList[],
  denied: DenyList,
): Trust {
  const roots = authorities.filter((authority) => issued(authority, authority));
  const isRevoked = (certificate: X509Certificate, issuer: X509Certificate): boolean => {
    const name = readSubjectBytes(issuer.raw);
    return lists.some(
      (list) => list.issuer === name && list.serials.has(certificate.serialNumber) && list.isSignedBy(issuer),
    );
  };
  // Many connections come from few certificates, and a check costs a signature.
  const kept = new Set<string>();

  const leadsToRoot = (certificate: X509Certificate, sent: readonly X509Certificate[], depth: number): boolean => {
    const root = roots.find((candidate) => issued(candidate, certificate));
    if (root !== undefined) return !isRevoked(certificate, root);
    if (depth === maxDepth) return false;
    const issuer = [...authorities, ...sent].find((candidate) => candidate.ca && issued(candidate, certificate));
    return issuer !== undefined && !isRevoked(certificate, issuer) && leadsToRoot(issuer, sent, depth + 1);
  };

  return {
    admits: (certificate) => denied.size === 0 || !denied.has(certificate),
    keeps(certificate, chain) {
      const key = certificate.fingerprint256;
      if (kept.has(key)) return true;
      if (denied.has(certificate) || !leadsToRoot(certificate, chain(), 0)) return false;
      kept.add(key);
      return true;
    },
  };
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
