import { headerValues } from "@application-connector/forward";
import { parseXfcc } from "@application-connector/x509";
import { type Caller, callerOfSpiffeId } from "./caller.ts";

/**
 * Who the mesh says calls: the one SPIFFE id in the last element of `X-Forwarded-Client-Cert`, which the sidecar of this
 * pod has written from the certificate of the connection. What stands before it came with the request and proves nothing.
 */
export function meshCaller(headers: readonly string[], trustDomain: string): Caller | undefined {
  const value = headerValues(headers, "x-forwarded-client-cert").at(-1);
  if (value === undefined) return undefined;
  try {
    const ids = parseXfcc(value).at(-1)?.uri ?? [];
    // A second one can only come from a certificate whose name holds a `;`.
    return ids.length === 1 ? callerOfSpiffeId(ids[0] as string, trustDomain) : undefined;
  } catch {
    return undefined;
  }
}
