import { X509Certificate } from "node:crypto";
import type { Authority, IssueRequest } from "@application-connector/x509";

// Headers as a correctly configured Istio writes them, for tests.

export const gatewayUri = "spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account";
export const anyHash = "ab".repeat(32);

/** The element that the validator's own sidecar adds about the gateway. */
export const gatewayHop = hop(gatewayUri);

export function hop(uri: string, subject = ""): string {
  const by = "spiffe://cluster.local/ns/kyma-system/sa/central-application-connectivity-validator";
  return `By=${by};Hash=${anyHash};Subject="${subject}";URI=${uri}`;
}

/** The client's element without its certificate. */
export const element = (subject: string): string => `Hash=${anyHash};Subject="${subject}";URI=`;

/** The whole header without the client's certificate. */
export const header = (subject: string): string => `${element(subject)},${gatewayHop}`;

/** PEM as Envoy puts it into the header. */
export function encodePem(pem: string): string {
  return pem.replace(
    /[\n +/=]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

export const digestOf = (pem: string): string =>
  new X509Certificate(pem).fingerprint256.replaceAll(":", "").toLowerCase();

export interface Evidence {
  pem: string;
  der: Buffer;
  hash: string;
  element: string;
  header: string;
}

/** A certificate and the header that Envoy makes of it; `text` replaces the Subject text. */
export function evidence(authority: Authority, request: Omit<IssueRequest, "usage">, text?: string): Evidence {
  const { certificate: pem } = authority.issue({ usage: ["client"], ...request });
  const hash = digestOf(pem);
  const subject = text ?? (typeof request.subject === "string" ? request.subject : "");
  const own = `Hash=${hash};Cert="${encodePem(pem)}";Subject="${subject}";URI=`;
  return { pem, der: new X509Certificate(pem).raw, hash, element: own, header: `${own},${gatewayHop}` };
}
