/** The parts of a metav1.Status that decide what to do next. */
export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: { reason?: string; message?: string; field?: string }[];
  retryAfterSeconds?: number;
}

export interface KubeErrorOptions extends ErrorOptions {
  /** The HTTP status, or 0 when no answer arrived. */
  status: number;
  /** The machine-readable reason of the Status (`NotFound`, `Conflict`), or our own for what happened on the way. */
  reason: string;
  details?: StatusDetails | undefined;
  retryAfterMs?: number | undefined;
  /** True when no connection was made, so that the server cannot have seen the request. */
  unsent?: boolean;
}

const transientStatuses = new Set([429, 500, 502, 503, 504]);

/** Reasons of ours, for failures that are not an answer of the server. */
export type LocalReason =
  | "Credentials"
  | "Unreachable"
  | "ConnectionLost"
  | "Tls"
  | "Timeout"
  | "Undecodable"
  | "Silent";

const transientReasons = new Set<string>([
  "Credentials",
  "Unreachable",
  "ConnectionLost",
  "Tls",
  "Timeout",
  "Undecodable",
  "Silent",
] satisfies LocalReason[]);

/** Any failed call. Carries no header and no body of the request, hence no token and no Secret. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  readonly status: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  readonly retryAfterMs: number | undefined;
  readonly unsent: boolean;

  constructor(message: string, options: KubeErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = options.status;
    this.reason = options.reason;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
    this.unsent = options.unsent ?? false;
  }

  get isUnauthorized(): boolean {
    return this.status === 401;
  }

  get isForbidden(): boolean {
    return this.status === 403;
  }

  get isNotFound(): boolean {
    return this.status === 404;
  }

  get isConflict(): boolean {
    return this.status === 409 && this.reason !== "AlreadyExists";
  }

  get isAlreadyExists(): boolean {
    return this.reason === "AlreadyExists";
  }

  /** What was asked for is compacted: the resourceVersion or the continue token is too old. */
  get isGone(): boolean {
    return this.status === 410 || this.reason === "Expired" || this.reason === "Gone";
  }

  get isInvalid(): boolean {
    return this.status === 422;
  }

  get isTooManyRequests(): boolean {
    return this.status === 429;
  }

  /** The server has not reached the resourceVersion we know: it came back with older data. */
  get isResourceVersionTooLarge(): boolean {
    return (
      this.details?.causes?.some(({ reason }) => reason === "ResourceVersionTooLarge") === true ||
      /too large resource version/i.test(this.message)
    );
  }

  /** Trying the same again later can help. */
  get isTransient(): boolean {
    return transientStatuses.has(this.status) || (this.status === 0 && transientReasons.has(this.reason));
  }
}
