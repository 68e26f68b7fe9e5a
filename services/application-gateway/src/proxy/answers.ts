import type { Answer, ForwardFailure } from "@application-connector/forward";
import { errorHeaders, legacyContentType, legacyJson, originName, Problem } from "@application-connector/problem";

const origin = originName("application-gateway");

/** A problem in upstream's body, with the headers that say whose it is. */
export function answerOf(problem: Problem, requestId: string): Answer {
  const own = errorHeaders({ origin, message: problem.message, requestId });
  return {
    status: problem.status,
    headers: [
      "Content-Type",
      legacyContentType,
      "Application-Gateway-Error",
      problem.reason,
      ...Object.entries(own).flat(),
      ...(problem.status === 401 ? ["WWW-Authenticate", "Bearer"] : []),
      ...(problem.status === 429 || problem.status === 503 ? ["Retry-After", retryAfterOf(problem)] : []),
    ],
    body: legacyJson(problem.status, problem.message),
  };
}

/** Whole seconds, rounded up: who comes back early is sent away again. */
function retryAfterOf({ retryAfterMs = 1_000 }: Problem): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}

/** What a failed call to a target is answered with. Names the target by its origin only. */
export function problemOf({ kind, error }: ForwardFailure, targetOrigin: string, timeoutMs: number): Problem {
  const options = error === undefined ? {} : { cause: error };
  switch (kind) {
    case "timeout":
      return new Problem("TARGET_TIMEOUT", `no response from '${targetOrigin}' within ${timeoutMs / 1000} s`, options);
    case "request_body_timeout":
      return new Problem("REQUEST_TIMEOUT", "the request body did not arrive in time", options);
    case "request_body_too_large":
      return new Problem("PAYLOAD_TOO_LARGE", "the request body is too large", options);
    case "response_body_too_large":
      return new Problem("RESPONSE_TOO_LARGE", `the response of '${targetOrigin}' is too large`, options);
    case "queue_full":
      return new Problem("OVERLOADED", `too many requests wait for a connection to '${targetOrigin}'`, options);
    case "forbidden": {
      const text = `'${targetOrigin}' may not be called: ${error?.message ?? "its address is forbidden"}`;
      return new Problem("TARGET_FORBIDDEN", text, options);
    }
    case "resend_failed":
      return error instanceof Problem ? error : new Problem("INTERNAL", "the call could not be made again", options);
    default:
      return new Problem("TARGET_UNREACHABLE", `request to '${targetOrigin}' failed: ${reasons[kind]}`, options);
  }
}

const reasons: Record<Exclude<ForwardFailure["kind"], keyof typeof answeredOtherwise>, string> = {
  unreachable: "no connection",
  dns: "the host name is not known",
  tls: "the TLS handshake failed",
  reset: "the connection was closed before a response",
  protocol: "the response is no valid HTTP",
  client_gone: "the client left",
};

const answeredOtherwise = {
  timeout: true,
  request_body_timeout: true,
  request_body_too_large: true,
  response_body_too_large: true,
  queue_full: true,
  resend_failed: true,
  forbidden: true,
} as const;
