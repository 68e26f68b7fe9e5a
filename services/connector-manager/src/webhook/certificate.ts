import { createPrivateKey, X509Certificate } from "node:crypto";
import { createAuthority, fromPem, loadAuthority, toPem } from "@application-connector/x509";

/** What the webhook's listener proves itself with, and what API servers are told to believe; all of it PEM. */
export interface ServingCertificate {
  /** Newest first: the one before stays until it is over, for servers that do not know its successor yet. */
  readonly authorities: string;
  /** Of the newest authority. */
  readonly authorityKey: string;
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateNeeds {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** What API servers believe at the moment, PEM. */
  readonly trusted: string;
}

const dayMs = 86_400_000;
const authorityDays = 1825;
const leafDays = 90;
/** Clocks differ. */
const backdatedMs = 5 * 60_000;
const mostAuthorities = 3;

/**
 * The certificate to serve with from now on: the one that there is, or its successor when two thirds of its life are over
 * or it does not do. A new authority signs only when API servers know it, unless there is nothing else to serve with.
 */
export function planCertificate(
  current: ServingCertificate | undefined,
  needs: CertificateNeeds,
  now: number,
): ServingCertificate {
  const known = certificatesIn(current?.authorities).filter(({ validToDate }) => validToDate.getTime() > now);
  const [newest] = known;
  const isUsable = newest !== undefined && !isDue(newest, now) && belongs(newest, current?.authorityKey);
  const authority =
    isUsable && current !== undefined
      ? loadAuthority({ certificate: toPem("CERTIFICATE", newest.raw), key: current.authorityKey })
      : createAuthority({ subject: "CN=application-connector-webhook-ca", ...validity(now, authorityDays) });
  const signer = new X509Certificate(authority.certificate);
  const authorities = isUsable ? known : [signer, ...known].slice(0, mostAuthorities);
  const leaf = leafOf(current, authorities, needs, now);
  const isFresh = leaf !== undefined && !isDue(leaf, now) && leaf.verify(signer.publicKey);
  const mayWait = leaf !== undefined && !certificatesIn(needs.trusted).some(({ raw }) => raw.equals(signer.raw));
  if (current !== undefined && isUsable && (isFresh || mayWait)) return current;
  const made = {
    authorities: authorities.map(({ raw }) => toPem("CERTIFICATE", raw)).join(""),
    authorityKey: authority.key,
  };
  if (current !== undefined && mayWait) return { ...current, ...made };
  return { ...made, ...issued(authority, needs, now) };
}

/** When the plan changes by itself, in ms since the epoch. */
export function nextChange({ authorities, certificate }: ServingCertificate): number {
  const [newest] = certificatesIn(authorities);
  const [leaf] = certificatesIn(certificate);
  return Math.min(newest ? dueAt(newest) : 0, leaf ? dueAt(leaf) : 0);
}

/** When the certificate itself is over, in ms since the epoch. */
export const expiryOf = ({ certificate }: Pick<ServingCertificate, "certificate">): number =>
  certificatesIn(certificate)[0]?.validToDate.getTime() ?? 0;

/** What can be served with at all. */
function leafOf(
  current: ServingCertificate | undefined,
  authorities: readonly X509Certificate[],
  { dnsNames, ipAddresses }: CertificateNeeds,
  now: number,
): X509Certificate | undefined {
  const [leaf] = certificatesIn(current?.certificate);
  const fits =
    leaf !== undefined &&
    leaf.validToDate.getTime() > now &&
    belongs(leaf, current?.key) &&
    authorities.some(({ publicKey }) => leaf.verify(publicKey)) &&
    dnsNames.every((name) => leaf.checkHost(name) !== undefined) &&
    ipAddresses.every((address) => leaf.checkIP(address) !== undefined);
  return fits ? leaf : undefined;
}

function issued(
  authority: ReturnType<typeof createAuthority>,
  { dnsNames, ipAddresses }: CertificateNeeds,
  now: number,
): Pick<ServingCertificate, "certificate" | "key"> {
  return authority.issue({
    subject: "CN=application-connector-webhook",
    usage: ["server"],
    dnsNames: [...dnsNames],
    ipAddresses: [...ipAddresses],
    ...validity(now, leafDays),
  });
}

const validity = (now: number, days: number) => ({
  notBefore: new Date(now - backdatedMs),
  notAfter: new Date(now + days * dayMs),
});

const dueAt = ({ validFromDate, validToDate }: X509Certificate): number =>
  validFromDate.getTime() + ((validToDate.getTime() - validFromDate.getTime()) * 2) / 3;

const isDue = (certificate: X509Certificate, now: number): boolean => dueAt(certificate) <= now;

/** Broken ones do not count. */
function certificatesIn(pem = ""): X509Certificate[] {
  try {
    return fromPem(pem, "CERTIFICATE").map((der) => new X509Certificate(der));
  } catch {
    return [];
  }
}

function belongs(certificate: X509Certificate, key = ""): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
