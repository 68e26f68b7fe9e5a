import type { TargetOptions } from "@application-connector/forward";
import type { ClientCertificate } from "./credential.ts";

/** How the servers behind a credential are reached, such as token and CSRF endpoints. */
export interface Reach {
  readonly skipVerify: boolean;
  /** PEM of the authorities that vouch for them, in place of the system's. */
  readonly ca?: string | undefined;
  /** What else connections to an origin need, such as a forward proxy or a check of its address. */
  readonly optionsFor?: ((origin: string) => Partial<TargetOptions>) | undefined;
  /** From the first packet to the last byte of the last answer. */
  readonly timeoutMs: number;
}

/** The connection that a call of this kind is made over. */
export function targetOptions(
  origin: string,
  { skipVerify, ca, optionsFor, timeoutMs }: Reach,
  certificate: Pick<ClientCertificate, "cert" | "key"> | undefined,
): TargetOptions {
  const shown = certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key };
  return {
    origin,
    connectTimeoutMs: timeoutMs,
    // As upstream: a connection for one call has nothing to share.
    http2: false,
    ...optionsFor?.(origin),
    tls: { rejectUnauthorized: !skipVerify, ...(ca === undefined ? {} : { ca }), ...shown },
  };
}

/** Whom a call of this kind trusts: a part of the key of whatever it brings. */
export function trustOf({ skipVerify, ca = "" }: Reach): readonly string[] {
  return [skipVerify ? "skipVerify" : "verify", ca];
}
