import { KubeError, type LocalReason } from "./kube-error.ts";

const unreachable = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const timeouts = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);
const tlsCode = /^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;

/** Puts a failure below HTTP into the words of this library. */
export function errorFromNetwork(what: string, cause: unknown): KubeError {
  if (cause instanceof KubeError) return cause;
  const code = codeOf(cause);
  const reason = reasonOf(code);
  const said = cause instanceof Error && cause.message !== "" ? cause.message : code;
  return new KubeError(`${what}: ${said}`, {
    status: 0,
    reason,
    unsent: reason === "Unreachable" || reason === "Tls",
    cause,
  });
}

function reasonOf(code: string): LocalReason {
  if (unreachable.has(code)) return "Unreachable";
  if (timeouts.has(code)) return "Timeout";
  return tlsCode.test(code) ? "Tls" : "ConnectionLost";
}

function codeOf(cause: unknown): string {
  // Several addresses tried in vain (IPv4 and IPv6): what the first one said stands for all.
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  const { code, cause: inner } = (cause ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === "string" && code !== "UND_ERR_SOCKET") return code;
  return inner === undefined ? String(code ?? "") : codeOf(inner);
}
