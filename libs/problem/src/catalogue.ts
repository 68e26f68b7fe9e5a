/** What a failure travels as, whether trying the same call again can help, and its summary for people. */
export interface CatalogueEntry {
  readonly status: number;
  readonly retry: boolean;
  readonly title: string;
}

const entry = (status: number, title: string): CatalogueEntry => ({ status, retry: false, title });
/** A failure that passes by itself: the caller may send the same call again. */
const passing = (status: number, title: string): CatalogueEntry => ({ status, retry: true, title });

const shared = {
  NOT_SYNCED: passing(503, "The cluster's objects are not read yet"),
  REQUEST_INVALID: entry(400, "The request cannot be understood"),
  REQUEST_TIMEOUT: passing(408, "The request did not arrive in time"),
  PAYLOAD_TOO_LARGE: entry(413, "The request body is too large"),
  HEADERS_TOO_LARGE: entry(431, "The request headers are too large"),
  METHOD_NOT_ALLOWED: entry(405, "The path does not know this method"),
  RESOURCE_NOT_FOUND: entry(404, "There is nothing at this path"),
  AUTHENTICATION_REQUIRED: entry(401, "It is not known who asks"),
  ACCESS_DENIED: entry(403, "Who asks may not"),
  ACCESS_UNVERIFIED: passing(503, "Who asks, or what he may, could not be found out"),
  INTERNAL: entry(500, "The service failed"),
  OVERLOADED: passing(429, "Too many requests are in flight"),
};

const outbound = {
  PATH_INVALID: entry(400, "The path names no API"),
  PATH_LEAVES_BASE: entry(400, "The path leaves the API's base path"),
  ENTRY_AMBIGUOUS: entry(400, "The path matches several APIs"),
  ENTRY_NOT_FOUND: entry(404, "The path matches no API"),
  SECRET_NOT_FOUND: entry(500, "The Secret of the API does not exist"),
  SECRET_INVALID: entry(500, "The Secret of the API cannot be used"),
  TARGET_URL_INVALID: entry(500, "The API's target URL cannot be read"),
  TARGET_SCHEME_INVALID: entry(502, "The API's target URL cannot be called"),
  CERTIFICATE_INVALID: entry(500, "The API's client certificate cannot be used"),
  TOKEN_REQUEST_FAILED: passing(502, "The token server gave no token"),
  TOKEN_CERTIFICATE_FAILED: entry(500, "The token server gave no token for the client certificate"),
  USER_TOKEN_MISSING: entry(401, "The API is called for a user, and the call has no token of one"),
  USER_TOKEN_REFUSED: entry(401, "The token of the call's user is not accepted"),
  CSRF_REQUEST_FAILED: passing(502, "The CSRF endpoint gave no token"),
  CALLER_FORBIDDEN: entry(403, "The caller may not call the API"),
  CALLER_UNVERIFIED: passing(503, "Who calls could not be found out"),
  CALL_RATE_EXCEEDED: passing(429, "The API is called more often than its limit allows"),
  CIRCUIT_OPEN: passing(503, "The external system fails and is left alone for a while"),
  TARGET_FORBIDDEN: entry(502, "The gateway may not call the external system's address"),
  REDIRECT_FAILED: entry(502, "The external system's redirects lead nowhere"),
  RESPONSE_TOO_LARGE: entry(502, "The response of the external system is too large"),
  TARGET_UNREACHABLE: passing(502, "The external system cannot be reached"),
  TARGET_TIMEOUT: passing(504, "The external system did not answer in time"),
};

const inbound = {
  CERT_HEADER_MISSING: entry(500, "The ingress passed on no client certificate"),
  APPLICATION_UNKNOWN: entry(404, "The Application is not known"),
  APPLICATION_GONE: entry(404, "The Application was removed"),
  SUBJECT_MISMATCH: entry(403, "The client certificate does not belong to the Application"),
  APPLICATION_PAUSED: passing(503, "The Application is paused"),
  NO_ROUTE: entry(404, "The path is no event path"),
  PATH_NOT_CANONICAL: entry(400, "The path is not canonical"),
  BODY_TIMEOUT: passing(408, "The request body did not arrive in time"),
  EVENTING_UNREACHABLE: passing(502, "Eventing cannot be reached"),
  EVENTING_ERROR: passing(502, "Eventing answered with an error"),
  EVENTING_TIMEOUT: passing(504, "Eventing did not answer in time"),
  SPOOL_FULL: passing(429, "There is no room for events that Eventing cannot take"),
  SPOOL_FAILED: passing(503, "The disk for events that Eventing cannot take fails"),
  INVALID_EVENT: entry(400, "The body is no valid event"),
  SOURCE_NOT_ALLOWED: entry(403, "The Application may not send events of this source"),
  TYPE_NOT_ALLOWED: entry(403, "The Application may not send events of this type"),
  UNSUPPORTED_MEDIA_TYPE: entry(415, "The content type is not supported"),
  RATE_LIMITED: passing(429, "The Application sends too many events"),
};

/** Every failure a caller can see. */
export const catalogue = { ...shared, ...outbound, ...inbound } as const satisfies Record<string, CatalogueEntry>;

export type ProblemCode = keyof typeof catalogue;
/** What every program may answer. */
export type SharedCode = keyof typeof shared;
/** What answers of the way out of the cluster say. */
export type OutboundCode = keyof typeof outbound;
