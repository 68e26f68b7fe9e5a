import type { RawHeaders } from "@application-connector/forward";
import type { QueryAddition } from "./query.ts";

/** A certificate to show in the TLS handshake with the target. PEM; `cert` holds the leaf first. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  /** When the leaf stops being valid, in ms since the epoch. */
  readonly expiresAt: number;
}

/** A call on its way to the target, as far as a credential has to do with it. */
export interface OutgoingCall {
  readonly method: string;
  /** scheme://host[:port] of the target. */
  readonly origin: string;
  /** Path and query as they go on the wire; only `seal` may change them. */
  path: string;
  /** What the target gets: name, value, name, value… To be added to. */
  readonly headers: string[];
  /** What the client sent, as it was received. */
  readonly clientHeaders: RawHeaders;
  /** All of it, where the credential `signsBody`; undefined for calls without one. */
  readonly body: Buffer | undefined;
}

/**
 * How one API entry proves who calls. Made once per configuration change; `authorize` runs once per request and returns
 * nothing when everything it needs is at hand, so that the common case stays synchronous.
 */
export interface Credential {
  /** The method, as `credentials.type` of the Application names it; `none` without one. */
  readonly type: string;
  /** Lower-case names of the headers that the client must not supply itself: what it sent of them is not in the call. */
  readonly replaces: readonly string[];
  /** What to show in the TLS handshake with the target. */
  readonly clientCertificate?: ClientCertificate;
  /** The query parameter that `seal` adds, as byte strings; its value is as secret as a header's. */
  readonly queryParameter?: QueryAddition;
  /** `seal` needs the whole body. */
  readonly signsBody?: boolean;
  /** Adds what proves who calls. Rejects with a `Problem`. */
  authorize(call: OutgoingCall): Promise<void> | undefined;
  /** What is still to add when the caller brought its own `Authorization`, which is among the headers already. */
  accompany?(call: OutgoingCall): Promise<void> | undefined;
  /** The last touch, when nothing else of the call changes any more: a signature over it, or a part of its query. */
  seal?(call: OutgoingCall): void;
  /** For whom this call is made, as a fingerprint, where every user of the API has a credential of their own. */
  userOf?(call: OutgoingCall): string | undefined;
  /** The target refused (401, 403) this call: what was cached for it is dropped. */
  refused(call: OutgoingCall): void;
}
