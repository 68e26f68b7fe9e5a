import { parseXfcc, type XfccElement, XfccError } from "@application-connector/x509";
import type { ElementCount } from "./element-count.ts";
import { type Rejection, rejection } from "./identity.ts";

export interface ProxyChain {
  readonly elements: ElementCount;
  readonly isTrustedUri: (uri: string) => boolean;
}

/**
 * The element that describes the client: the first one, provided that all others describe trusted proxies. Anything
 * else could have been written by the client itself or by another workload of the mesh.
 */
export function clientElement(header: string, chain: ProxyChain): XfccElement | Rejection {
  let elements: XfccElement[];
  try {
    elements = parseXfcc(header);
  } catch (error) {
    if (error instanceof XfccError) return rejection("malformed_header", error.message);
    throw error;
  }
  const { min, max } = chain.elements;
  const [client, ...hops] = elements;
  if (client === undefined || elements.length < min || elements.length > max)
    return rejection("element_count", `${elements.length} elements, ${min} to ${max} are expected`);
  const stranger = hops.findIndex((hop) => !isTrustedHop(hop, chain.isTrustedUri));
  if (stranger >= 0) return rejection("untrusted_hop", `element ${stranger + 2} is not a trusted gateway's`);
  return client;
}

/** Mesh identities are URIs; a hop with a Subject is somebody's certificate, not a mesh workload's. */
function isTrustedHop({ subject, uri }: XfccElement, isTrustedUri: (uri: string) => boolean): boolean {
  return !subject && uri.length > 0 && uri.every((each) => each !== "" && isTrustedUri(each));
}
