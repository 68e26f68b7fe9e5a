import { UclError, type UclErrorCode } from "./ucl-error.ts";

const timeouts = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);
const tlsCode = /^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;
/** What a server says that wants another certificate than ours; under TLS 1.3 behind the handshake. */
const certificateAlert =
  /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED|UNKNOWN_PSK_IDENTITY)/;

/** Puts a failure below HTTP into the words of this library. `left` says whether the request began to be written. */
export function errorFromNetwork(
  cause: unknown,
  { what, requestId, left }: { what: string; requestId: string; left: boolean },
): UclError {
  if (cause instanceof UclError) return cause;
  const networkCode = codeOf(cause);
  const said = cause instanceof Error && cause.message !== "" ? cause.message : networkCode;
  const code = reasonOf(networkCode, left);
  return new UclError(`${what}: ${said}`, { code, what, requestId, unsent: !left, cause });
}

function reasonOf(code: string, left: boolean): UclErrorCode {
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") return "too-large";
  if (certificateAlert.test(code)) return "unauthenticated";
  if (tlsCode.test(code)) return "tls";
  if (!left) return "unreachable";
  return timeouts.has(code) ? "timeout" : "connection-lost";
}

function codeOf(cause: unknown): string {
  // Several addresses tried in vain (IPv4 and IPv6): what the first one said stands for all.
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  const { code, cause: inner } = (cause ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === "string" && code !== "UND_ERR_SOCKET") return code;
  return inner === undefined ? String(code ?? "") : codeOf(inner);
}
