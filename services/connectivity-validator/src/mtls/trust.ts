import type { X509Certificate } from "node:crypto";
import { type RevocationList, readIssuerBytes, readSubjectBytes } from "@application-connector/x509";
import type { DenyList } from "./deny-list.ts";

/** Whom the listener for mutual TLS believes, beyond what a handshake checks. */
export interface Trust {
  /** Of a client whose certificate has just been verified. */
  admits(certificate: X509Certificate): boolean;
  /** Of a client that came under `before`: would it be let in again? When that cannot be told, it would not. */
  keeps(certificate: X509Certificate, before: Trust): boolean;
  readonly roots: ReadonlySet<string>;
  /** Issuer and serial number of all that was taken back. */
  readonly revoked: ReadonlySet<string>;
}

/** Longer than any chain there is. */
const maxDepth = 8;

export function createTrust(
  authorities: readonly X509Certificate[],
  lists: readonly RevocationList[],
  denied: DenyList,
): Trust {
  const revoked = new Set(lists.flatMap(({ issuer, serials }) => [...serials].map((serial) => `${issuer} ${serial}`)));
  const isRevoked = ({ raw, serialNumber }: X509Certificate): boolean =>
    revoked.size > 0 && revoked.has(`${readIssuerBytes(raw)} ${serialNumber}`);
  const roots = new Set(authorities.filter((each) => issued(each, each)).map(({ fingerprint256 }) => fingerprint256));
  // Many connections come from few certificates, and looking at one costs a signature.
  const verdicts = new Map<string, boolean>();

  /** Undefined: an authority on the way is known only to who came with it. */
  const leadsToRoot = (certificate: X509Certificate, depth: number): boolean | undefined => {
    if (isRevoked(certificate)) return false;
    const issuers = authorities.filter((candidate) => issued(candidate, certificate));
    if (issuers.some(({ fingerprint256 }) => roots.has(fingerprint256))) return true;
    if (depth === maxDepth) return false;
    const verdicts = issuers.map((issuer) => leadsToRoot(issuer, depth + 1));
    return verdicts.find((verdict) => verdict !== undefined);
  };

  const trust: Trust = {
    roots,
    revoked,
    admits: (certificate) => denied.size === 0 || !denied.has(certificate),
    keeps(certificate, before) {
      if (denied.has(certificate)) return false;
      const key = certificate.fingerprint256;
      const known = verdicts.get(key);
      if (known !== undefined) return known;
      const verdict = leadsToRoot(certificate, 0) ?? isNotStricter(trust, before);
      verdicts.set(key, verdict);
      return verdict;
    },
  };
  return trust;
}

/** Nothing that was believed before is not believed now. */
function isNotStricter({ roots, revoked }: Trust, before: Trust): boolean {
  return isSubset(before.roots, roots) && isSubset(revoked, before.revoked);
}

const isSubset = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean =>
  part.size <= whole.size && [...part].every((each) => whole.has(each));

const readable = new WeakMap<X509Certificate, string>();

/** By name first: most authorities of a bundle have issued something else, and a signature costs the most. */
function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  let name = readable.get(issuer);
  if (name === undefined) {
    name = readSubjectBytes(issuer.raw);
    readable.set(issuer, name);
  }
  return (
    issuer.ca &&
    name === readIssuerBytes(certificate.raw) &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey)
  );
}
