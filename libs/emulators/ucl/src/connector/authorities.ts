import { X509Certificate } from "node:crypto";
import { type Authority, createAuthority } from "@application-connector/x509";

const subject = "CN=UCL Connector CA,OU=OrgUnit,O=Org,L=locality,ST=province,C=DE";

/** The authorities that clients' certificates come from: the one that signs, and earlier ones that still count. */
export interface Authorities {
  readonly current: Authority;
  /** PEM of everything whose certificates are taken. */
  readonly trusted: string[];
  /** A new one signs from now on. */
  rotate(): void;
  /** Certificates of earlier ones are refused from now on. */
  forgetEarlier(): void;
  /** Whether one of them signed it. */
  signed(certificate: X509Certificate): boolean;
}

/** UCL signs with RSA, so the keys are RSA. */
export function createAuthorities(first?: Authority): Authorities {
  const fresh = (): Authority => createAuthority({ subject, keyType: "rsa" });
  let current = first ?? fresh();
  let trusted = [new X509Certificate(current.certificate)];
  return {
    get current() {
      return current;
    },
    get trusted() {
      return trusted.map(String);
    },
    rotate() {
      current = fresh();
      trusted = [new X509Certificate(current.certificate), ...trusted];
    },
    forgetEarlier() {
      trusted = trusted.slice(0, 1);
    },
    signed: (certificate) =>
      trusted.some((issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)),
  };
}
