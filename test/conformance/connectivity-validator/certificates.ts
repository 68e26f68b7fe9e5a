import { X509Certificate } from "node:crypto";
import { type Authority, createAuthority } from "@application-connector/x509";
import { otherValidator } from "./other/other-validator.ts";

export const gatewayUri = "spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account";
const sidecar = "By=spiffe://cluster.local/ns/kyma-system/sa/central-application-connectivity-validator";
const anyHash = "0f".repeat(32);

/** `GW` of the specification: what the sidecar adds about the gateway. */
export const gatewayElement = `${sidecar};Hash=${anyHash};Subject="";URI=${gatewayUri}`;
export const GW = `,${gatewayElement}`;

let shared: Authority | undefined;
export const clientAuthority = (): Authority => {
  shared ??= createAuthority({ subject: "CN=Client CA" });
  return shared;
};

const issued = new Map<string, { element: string; pem: string; hash: string }>();

/** The client's element with a real certificate of that subject, as Envoy writes it. */
export function withCertificate(subject: string): { element: string; pem: string; hash: string } {
  const known = issued.get(subject);
  if (known) return known;
  const { certificate: pem } = clientAuthority().issue({ subject, usage: ["client"] });
  const hash = new X509Certificate(pem).fingerprint256.replaceAll(":", "").toLowerCase();
  const made = { pem, hash, element: `Hash=${hash};Cert="${encodePem(pem)}";Subject="${subject}";URI=` };
  issued.set(subject, made);
  return made;
}

export type Profile = "compat" | "strict";
export const profiles: readonly Profile[] = otherValidator === undefined ? ["compat", "strict"] : ["compat"];

/** The client's element: in strict with the certificate. */
export function clientElement(profile: Profile, subject: string): string {
  return profile === "strict" ? withCertificate(subject).element : `Hash=${anyHash};Subject="${subject}";URI=`;
}

/** `X(dn)` of the specification. */
export const X = (profile: Profile, subject: string): string => clientElement(profile, subject) + GW;

export function encodePem(pem: string): string {
  return pem.replace(
    /[\n +/=]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
