import { commonName, type Name, NameError } from "@application-connector/x509";

/** Who the caller is, as far as the decision about an Application needs it. */
export interface Identity {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly organizationalUnits: readonly string[];
  /** Digest of the client certificate, in lower-case hex, when the caller's proxy or the certificate tells it. */
  readonly certSha256?: string | undefined;
  /** When the certificate is valid; only known when the certificate itself was read. */
  readonly validity?: Validity | undefined;
}

export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Why nobody could be identified, or not as somebody who may call. Goes to the log and the metrics, never to callers. */
export interface Rejection {
  readonly rejected: RejectionReason;
  readonly detail: string;
}

export type RejectionReason =
  | "several_headers"
  | "malformed_header"
  | "element_count"
  | "untrusted_hop"
  | "no_subject"
  | "invalid_subject"
  | "certificate_missing"
  | "certificate_unreadable"
  | "certificate_mismatch"
  | "certificate_not_valid_now"
  | "certificate_not_pinned"
  | "not_accepted"
  | "tenant_mismatch"
  | "group_mismatch";

export const rejection = (rejected: RejectionReason, detail: string): Rejection => ({ rejected, detail });

export function isRejection(value: object): value is Rejection {
  return "rejected" in value;
}

/** The identity that a subject name stands for. */
export function identityOf(
  name: Name,
  certificate: Pick<Identity, "certSha256" | "validity"> = {},
): Identity | Rejection {
  try {
    return {
      commonName: commonName(name),
      organizations: valuesOf(name, "O"),
      organizationalUnits: valuesOf(name, "OU"),
      certSha256: certificate.certSha256,
      validity: certificate.validity,
    };
  } catch (error) {
    if (error instanceof NameError) return rejection("invalid_subject", error.message);
    throw error;
  }
}

function valuesOf(name: Name, type: string): string[] {
  return name.flat().flatMap((attribute) => (attribute.type === type && attribute.value ? [attribute.value] : []));
}

/** Clocks of issuers, gateways and nodes differ a little. */
const clockSkewMs = 5 * 60_000;

export function isValidAt(validity: Validity, nowMs: number): boolean {
  return nowMs >= validity.notBeforeMs - clockSkewMs && nowMs <= validity.notAfterMs + clockSkewMs;
}
