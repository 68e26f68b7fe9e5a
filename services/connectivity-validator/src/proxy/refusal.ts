import { type Answer, headerValues, type RawHeaders } from "@application-connector/forward";
import {
  catalogue,
  errorHeaders,
  legacyContentType,
  legacyJson,
  originName,
  type ProblemCode,
  requestIdOf,
} from "@application-connector/problem";

import type { InvalidEvent } from "../cloudevents/invalid-event.ts";
import type { LegacyError } from "../legacy/legacy-event.ts";
import type { TokenBucket } from "../policy/token-bucket.ts";

/** An answer of our own: what upstream would say, and a token for machines that says why. */
export interface Refusal {
  readonly status: number;
  /** `Error-Reason`, the same token as in log and metrics. */
  readonly reason: string;
  readonly text: string;
  /** Upstream's error object, its server's plain text, nothing at all, or `body` as Eventing would word it. */
  readonly shape: "json" | "plain" | "empty" | "eventing";
  readonly body?: string;
  readonly retryAfterS?: number;
  /** Names and values, alternating. */
  readonly headers?: RawHeaders;
}

const json = (code: ProblemCode, text: string, more: Partial<Refusal> = {}): Refusal => ({
  status: catalogue[code].status,
  reason: code.toLowerCase(),
  text,
  shape: "json",
  ...more,
});

/** Upstream's texts are part of its contract. */
export const refusals = {
  badRequest: { status: 400, reason: "bad_request", text: "400 Bad Request", shape: "plain" },
  unknownTransferEncoding: {
    status: 501,
    reason: "unknown_transfer_encoding",
    text: "501 Not Implemented",
    shape: "plain",
  },
  notFound: { status: 404, reason: "not_found", text: "404 page not found\n", shape: "plain" },
  notCanonical: json("PATH_NOT_CANONICAL", "path is not canonical"),
  certHeaderMissing: json("CERT_HEADER_MISSING", "X-Forwarded-Client-Cert header not found"),
  notSynced: json("NOT_SYNCED", "applications are not read from the cluster yet. Please retry", { retryAfterS: 1 }),
  subjectMismatch: json("SUBJECT_MISMATCH", "no valid subject found"),
  noRoute: json("NO_ROUTE", "could not determine destination host, requested resource not found"),
  eventingUnreachable: { ...json("EVENTING_UNREACHABLE", "eventing cannot be reached"), shape: "empty" },
  eventingTimeout: json("EVENTING_TIMEOUT", "eventing did not answer in time"),
  bodyTimeout: json("BODY_TIMEOUT", "request body did not arrive in time"),
  headTimeout: json("REQUEST_TIMEOUT", "request headers did not arrive in time"),
  headersTooLarge: json("HEADERS_TOO_LARGE", "request headers are too large"),
  overloaded: json("OVERLOADED", "too many requests wait for eventing", { retryAfterS: 1 }),
  circuitOpen: json("OVERLOADED", "eventing fails and is left alone for a moment", { retryAfterS: 2 }),
  spoolFull: json("SPOOL_FULL", "no more events can be kept until eventing takes them", { retryAfterS: 5 }),
  spoolFailed: json("SPOOL_FAILED", "the event cannot be kept until eventing takes it", { retryAfterS: 5 }),
  paused: json("APPLICATION_PAUSED", "the application is paused", { retryAfterS: 30 }),
  sourceNotAllowed: json("SOURCE_NOT_ALLOWED", "the application may not send events of this source"),
  typeNotAllowed: json("TYPE_NOT_ALLOWED", "the application may not send events of this type"),
} as const satisfies Record<string, Refusal>;

export function applicationUnknown(decodedName: string): Refusal {
  // The name is held as one character per byte; what is no UTF-8 shows as U+FFFD, as in Go.
  const name = Buffer.from(decodedName, "latin1").toString();
  const text = `while getting application ClientIds: application data for name ${name} is not found in the cache. Please retry`;
  return json("APPLICATION_UNKNOWN", text);
}

export function payloadTooLarge(maxBytes: number): Refusal {
  return json("PAYLOAD_TOO_LARGE", `request body exceeds ${maxBytes} bytes`);
}

export function methodNotAllowed(allowed: string): Refusal {
  return json("METHOD_NOT_ALLOWED", `this path knows only ${allowed}`, { headers: ["Allow", allowed] });
}

export function rateLimited(bucket: TokenBucket, text = "the application sends too many events"): Refusal {
  const retryAfterS = Math.max(1, bucket.waitS);
  return json("RATE_LIMITED", text, { retryAfterS, headers: rateHeaders(bucket) });
}

/** Where a sender stands with its limit. */
export function rateHeaders({ rate, remaining, resetS }: TokenBucket): string[] {
  const numbers = { Limit: rate.burst, Remaining: remaining, Reset: resetS };
  return Object.entries(numbers).flatMap(([name, value]) => [`RateLimit-${name}`, String(value)]);
}

export function invalidEvent({ reason, message }: InvalidEvent): Refusal {
  if (reason === "unsupported_media_type") return json("UNSUPPORTED_MEDIA_TYPE", message);
  if (reason === "batch_too_long") return json("PAYLOAD_TOO_LARGE", message);
  return json("INVALID_EVENT", `invalid event: ${message}`);
}

/** What Eventing would have said to a legacy event. */
export function eventingRefuses(error: LegacyError): Refusal {
  const text =
    error.moreInfo ?? error.details?.map(({ field, message }) => `${message} ${field}`).join() ?? error.message;
  return { ...json("INVALID_EVENT", text), status: error.status, shape: "eventing", body: JSON.stringify(error) };
}

const origin = originName("connectivity-validator");

/** `headers` are the request's, when it was read that far. */
export function answerOf(refusal: Refusal, headers: RawHeaders = []): Answer {
  const { status, reason, text, shape, retryAfterS } = refusal;
  const own = errorHeaders({ origin, message: text, requestId: requestIdOf(headerValues(headers, "x-request-id")[0]) });
  const lines = [
    ...shapes[shape].headers,
    "Error-Reason",
    reason,
    ...Object.entries(own).flat(),
    ...(retryAfterS === undefined ? [] : ["Retry-After", String(retryAfterS)]),
    ...(refusal.headers ?? []),
  ];
  const body = refusal.body ?? shapes[shape].body(status, text);
  return body === undefined ? { status, headers: lines } : { status, headers: lines, body };
}

const shapes = {
  json: { headers: ["Content-Type", legacyContentType], body: legacyJson },
  plain: {
    headers: ["Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff"],
    body: (_status: number, text: string) => text,
  },
  empty: { headers: [], body: () => undefined },
  eventing: { headers: ["Content-Type", "application/json"], body: () => undefined },
} as const satisfies Record<
  Refusal["shape"],
  { headers: readonly string[]; body: (status: number, text: string) => string | undefined }
>;
