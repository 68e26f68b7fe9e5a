/**
 * What went wrong with a call to UCL.
 *
 * - `unreachable`: nothing was sent: name, route, port or proxy
 * - `tls`: the handshake failed, for another reason than our certificate
 * - `timeout`: no whole answer in time
 * - `connection-lost`: the connection broke before the whole answer was there
 * - `unauthenticated`: UCL, or its TLS, does not take the token or the certificate
 * - `rate-limited`: 429; `retryAfterMs` where the server said how long
 * - `too-large`: the request or the answer is larger than one of the sides takes
 * - `status`: any other status that is not 2xx
 * - `graphql`: the answer has `errors`; `directorCode` where the Director said which
 * - `invalid-answer`: it is not JSON, or not of the shape that was asked for
 * - `stopped`: whoever called does not want it any more
 */
export type UclErrorCode =
  | "unreachable"
  | "tls"
  | "timeout"
  | "connection-lost"
  | "unauthenticated"
  | "rate-limited"
  | "too-large"
  | "status"
  | "graphql"
  | "invalid-answer"
  | "stopped";

export interface UclErrorOptions extends ErrorOptions {
  code: UclErrorCode;
  /** Service and operation, as `connector configuration`. */
  what: string;
  requestId: string;
  /** Of HTTP; 0 when there was no answer. */
  status?: number | undefined;
  directorCode?: number | undefined;
  retryAfterMs?: number | undefined;
  /** No byte of the request left: UCL cannot have seen it. */
  unsent?: boolean | undefined;
}

/** What somebody else has said goes into logs and the status of an object, whose size is limited. */
const longestMessage = 2_000;

/** Any failed call to UCL. Its message carries no token, key or password. */
export class UclError extends Error {
  override readonly name = "UclError";
  readonly code: UclErrorCode;
  readonly what: string;
  readonly requestId: string;
  readonly status: number;
  /** `extensions.error_code` of the Director: 20 not found, 22 invalid, 23 scopes, 25 tenant, 26 unauthorized, 27 not allowed… */
  readonly directorCode: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly unsent: boolean;

  constructor(message: string, options: UclErrorOptions) {
    super(shortened(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.what = options.what;
    this.requestId = options.requestId;
    this.status = options.status ?? 0;
    this.directorCode = options.directorCode;
    this.retryAfterMs = options.retryAfterMs;
    this.unsent = options.unsent ?? false;
  }
}

const shortened = (message: string): string =>
  message.length <= longestMessage ? message : `${message.slice(0, longestMessage)}…`;
