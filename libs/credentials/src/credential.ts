/** A certificate to show in the TLS handshake with the target. PEM; `cert` holds the leaf first. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  /** When the leaf stops being valid, in ms since the epoch. */
  readonly expiresAt: number;
}

/**
 * How one API entry proves who calls. Made once per configuration change; `authorize` runs once per request and returns
 * nothing when everything it needs is at hand, so that the common case stays synchronous.
 */
export interface Credential {
  /** The method, as `credentials.type` of the Application names it; `none` without one. */
  readonly type: string;
  /** Lower-case names of the headers that the client must not supply itself. */
  readonly replaces: readonly string[];
  /** What to show in the TLS handshake with the target. */
  readonly clientCertificate?: ClientCertificate;
  /** Adds name and value to the flat header list for the target. Rejects with a `Problem`. */
  authorize(headers: string[]): Promise<void> | undefined;
  /** What is still to add when the caller brought its own `Authorization`, which is among the headers already. */
  accompany?(headers: string[]): Promise<void> | undefined;
  /** The target refused (401, 403) a request with these headers: what was cached for it is dropped. */
  refused(headers: readonly string[]): void;
}
