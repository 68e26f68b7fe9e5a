import type { Token } from "./token-cache.ts";

/** A token, and with it the one that gives the next, where the endpoint has any (RFC 6749, 6). */
export interface GrantedToken extends Token {
  readonly refreshToken?: string;
}

const fiveMinutesMs = 300_000;
/** Thirty days: a clock or unit error at the token endpoint must not keep a token for ever. */
const longestLifeS = 30 * 24 * 60 * 60;

/** In bytes. No server takes a header of that size. */
const longestToken = 64 * 1024;

/** Why an answer of a token endpoint can't be used. */
export class TokenResponseError extends Error {
  override readonly name = "TokenResponseError";
}

/** An endpoint's answer that it gives no token. */
export class TokenRefusal extends Error {
  override readonly name = "TokenRefusal";
  readonly status: number;
  /** What the endpoint says, such as `invalid_grant`. */
  readonly code: string | undefined;

  constructor(status: number, code: string | undefined) {
    super(`status ${status}`);
    this.status = status;
    this.code = code;
  }
}

/** The errors that an endpoint may name (RFC 6749, 5.2; RFC 8693, 2.2.2; RFC 8707); what else it says is not repeated. */
const knownErrors = new Set([
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "invalid_scope",
  "invalid_target",
  "unauthorized_client",
  "unsupported_grant_type",
]);

/** The error code in the body of an answer without a token. */
export function readErrorCode(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const { error } = (parsed ?? {}) as Record<string, unknown>;
    return typeof error === "string" && knownErrors.has(error) ? error : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads the body of a successful token response (RFC 6749, 5.1). `expires_in` may be a number or a numeric string;
 * when it is missing the token's own `exp` claim counts, if it is a JWT.
 */
export function readTokenResponse(body: string, nowMs: number, defaultLifeMs = fiveMinutesMs): GrantedToken {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // No cause: the parser's message quotes the body, and with it perhaps the token.
    throw new TokenResponseError("not JSON");
  }
  if (typeof parsed !== "object" || parsed === null) throw new TokenResponseError("not a JSON object");
  const { access_token: value, expires_in: expiresIn, refresh_token: refresh } = parsed as Record<string, unknown>;
  if (typeof value !== "string" || value === "") throw new TokenResponseError("no access_token");
  for (const [name, text] of Object.entries({ access_token: value, refresh_token: refresh })) {
    if (typeof text === "string" && text.length > longestToken) throw new TokenResponseError(`${name} is too long`);
  }
  if (!/^[\x21-\x7e]+$/.test(value)) throw new TokenResponseError("access_token has characters no header may carry");
  const lifeS = secondsOf(expiresIn) ?? secondsToExpiry(value, nowMs) ?? defaultLifeMs / 1000;
  const refreshToken = typeof refresh === "string" && refresh !== "" ? { refreshToken: refresh } : {};
  return { value, lifetimeMs: Math.min(lifeS, longestLifeS) * 1000, ...refreshToken };
}

function secondsOf(expiresIn: unknown): number | undefined {
  if (expiresIn === undefined || expiresIn === null) return undefined;
  const isNumeric = typeof expiresIn === "string" && /^\s*-?\d+(\.\d+)?\s*$/.test(expiresIn);
  const seconds = typeof expiresIn === "number" ? expiresIn : isNumeric ? Number(expiresIn) : Number.NaN;
  if (!Number.isFinite(seconds)) throw new TokenResponseError("expires_in is no number");
  return seconds;
}

/** Read without checking the signature: the token is not trusted for it, only kept shorter or longer. */
export function secondsToExpiry(token: string, nowMs: number): number | undefined {
  const payload = token.split(".").length === 3 ? token.split(".")[1] : undefined;
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    const exp = typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>)["exp"] : undefined;
    return typeof exp === "number" && Number.isFinite(exp) ? exp - nowMs / 1000 : undefined;
  } catch {
    return undefined;
  }
}
