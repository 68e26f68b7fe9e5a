import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { CertificationResult, ClientIdentity } from "@application-connector/ucl";
import { fromPem, toPem } from "@application-connector/x509";

/** The client certificate of this cluster with its key, all PEM with line feeds, and how long it is valid. */
export interface Credentials {
  readonly certificate: string;
  /** PKCS#1. */
  readonly key: string;
  /** The certificate, then its authorities. */
  readonly chain: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * What UCL has issued for a key.
 *
 * @throws {Error} when it is not readable, or for another key
 */
export function issuedCredentials(result: CertificationResult, key: KeyObject): Credentials {
  const [certificate] = certificatesIn(result.clientCertificate);
  const chain = certificatesIn(result.certificateChain);
  const authorities = chain[0] === certificate ? chain.slice(1) : chain;
  if (certificate === undefined) throw new Error("UCL's answer has no client certificate");
  if (authorities.length === 0) throw new Error("UCL's answer has no certificate of an authority");
  const issued = credentials(certificate, pkcs1(key), [certificate, ...authorities].join(""), "UCL's answer");
  checkVouched(certificate, authorities);
  if (hasExpired(issued, Date.now())) {
    const until = issued.notAfter.toISOString();
    throw new Error(
      `UCL's answer has a certificate that was valid until ${until}; is the clock of this cluster right?`,
    );
  }
  return issued;
}

/** The authorities are whom the ingress trusts from now on: nothing that is none may be among them. */
function checkVouched(certificate: string, authorities: readonly string[]): void {
  const leaf = new X509Certificate(certificate);
  const issuers = authorities.map((pem) => new X509Certificate(pem));
  if (!issuers.every(({ ca }) => ca))
    throw new Error("UCL's answer has a certificate in its chain that is no authority's");
  if (!issuers.some((issuer) => leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey)))
    throw new Error("UCL's answer has a client certificate that no authority of its chain has issued");
}

/**
 * Credentials from their three texts.
 *
 * @param where for messages: `Secret kyma-system/cluster-client-certificates`
 * @throws {Error} when they do not fit together
 */
export function credentials(certificate: string, key: string, chain: string, where: string): Credentials {
  const leaf = readable(() => new X509Certificate(certificate), `${where} has no readable certificate`);
  const privateKey = readable(() => createPrivateKey(key), `${where} has no readable key`);
  if (!leaf.checkPrivateKey(privateKey)) throw new Error(`${where} has a certificate for another key`);
  const links = certificatesIn(chain);
  if (links.length === 0) throw new Error(`${where} has no certificate chain`);
  for (const link of links)
    readable(() => new X509Certificate(link), `${where} has a certificate in its chain that cannot be read`);
  return { certificate, key, chain, notBefore: leaf.validFromDate, notAfter: leaf.validToDate };
}

/** Every certificate of a text, as PEM of its own with lines of 64. */
export const certificatesIn = (pem: string): string[] =>
  fromPem(pem, "CERTIFICATE").map((der) => toPem("CERTIFICATE", der));

/** Who vouches for clients: the chain without the client's own certificate. */
export const authoritiesOf = ({ chain, certificate }: Credentials): string => {
  const [own] = certificatesIn(certificate);
  return certificatesIn(chain)
    .filter((one) => one !== own)
    .join("");
};

export const identityOf = ({ chain, key }: Credentials): ClientIdentity => ({ chain, key });

export const hasExpired = ({ notAfter }: Credentials, now: number): boolean => notAfter.getTime() <= now;

export const sameCredentials = (a: Credentials | undefined, b: Credentials): boolean =>
  a?.certificate === b.certificate && a.key === b.key && a.chain === b.chain;

function pkcs1(key: KeyObject): string {
  return key.export({ type: "pkcs1", format: "pem" }).toString().replaceAll("\r\n", "\n");
}

function readable<T>(read: () => T, otherwise: string): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(otherwise, { cause });
  }
}
