import type { FailureKind, ForwardFailure } from "./door.ts";

const kinds: Record<string, FailureKind> = {
  ADDRESS_REFUSED: "forbidden",
  TUNNEL_REFUSED: "unreachable",
  RESPONSE_TOO_LARGE: "response_body_too_large",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_FAIL: "dns",
  EAI_NODATA: "dns",
  EAI_NONAME: "dns",
  EAI_SYSTEM: "dns",
  CONNECT_TIMEOUT: "timeout",
  ETIMEDOUT: "timeout",
  ECONNREFUSED: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  ENETDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EACCES: "unreachable",
  EPERM: "unreachable",
  EMFILE: "unreachable",
  ENFILE: "unreachable",
  UND_ERR_CLOSED: "unreachable",
  UND_ERR_DESTROYED: "reset",
  ECONNRESET: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  UND_ERR_INFO: "reset",
  REQUEST_REFUSED: "reset",
  EPROTO: "tls",
  UNABLE_TO_GET_ISSUER_CERT: "tls",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls",
  UNABLE_TO_GET_CRL: "tls",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls",
  SELF_SIGNED_CERT_IN_CHAIN: "tls",
  HOSTNAME_MISMATCH: "tls",
  INVALID_CA: "tls",
  INVALID_PURPOSE: "tls",
  PATH_LENGTH_EXCEEDED: "tls",
};

/** What an error of the target's connection means to the caller. */
export function failureKind(error: NodeJS.ErrnoException): FailureKind {
  const code = error.code ?? "";
  // undici's word for a target that switches protocols, which nobody has asked for.
  if (error.message === "bad upgrade") return "protocol";
  const kind = kinds[code];
  if (kind !== undefined) return kind;
  if (code.startsWith("ERR_TLS_") || code.startsWith("ERR_SSL_") || code.startsWith("CERT_")) return "tls";
  // What is left are the parser's errors: the target speaks no HTTP, or the caller gave what HTTP can't carry.
  return "protocol";
}

/** The failure of a call. What the parser was given stays out of it: errors are logged, responses must not be. */
export function failureOf(error: Error & { data?: unknown }): ForwardFailure {
  if (error.data !== undefined) error.data = undefined;
  return { kind: failureKind(error), error };
}

/** Methods whose repetition changes nothing (RFC 9110, 9.2.2; WebDAV RFC 4918, 3253, 5323). */
const idempotent = new Set([
  "GET",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "PUT",
  "DELETE",
  "QUERY",
  "PROPFIND",
  "REPORT",
  "SEARCH",
  "MKCOL",
  "COPY",
  "UNLOCK",
]);

/** What a target says of a request that it has not looked at (RFC 9113, 8.7). */
const unprocessed = new Set(["REQUEST_REFUSED", "HTTP_1_1_REQUIRED"]);

/** Where a call stood when its connection broke. */
export interface BrokenCall {
  method: string;
  /** The connection had served a request before this one. */
  reused: boolean;
  /** A byte of the response was seen. */
  answered: boolean;
  /** The body can be sent once more, from its start. */
  replayable: boolean;
  /** Not a byte of the request was written. */
  unsent: boolean;
  retried: boolean;
}

/**
 * Whether to try once more on a fresh connection: the target may have closed an idle connection in the very moment that
 * it was used. A request that was certainly not sent may go again whatever its method is.
 */
export function isStale(call: BrokenCall, error: NodeJS.ErrnoException): boolean {
  if (call.answered || call.retried || !call.replayable) return false;
  if (error.code !== undefined && unprocessed.has(error.code)) return true;
  return (
    call.reused &&
    (call.unsent || idempotent.has(call.method)) &&
    failureKind(error) === "reset" &&
    error.code !== "UND_ERR_DESTROYED"
  );
}
