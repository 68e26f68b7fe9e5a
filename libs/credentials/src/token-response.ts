import type { Token } from "./token-cache.ts";

/** Life of a token whose endpoint says nothing about it. */
const defaultLifeS = 300;
/** Thirty days: a clock or unit error at the token endpoint must not keep a token for ever. */
const longestLifeS = 30 * 24 * 60 * 60;

/** Why an answer of a token endpoint can't be used. */
export class TokenResponseError extends Error {
  override readonly name = "TokenResponseError";
}

/**
 * Reads the body of a successful token response (RFC 6749, 5.1). `expires_in` may be a number or a numeric string;
 * when it is missing the token's own `exp` claim counts, if it is a JWT.
 */
export function readTokenResponse(body: string, nowMs: number): Token {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // No cause: the parser's message quotes the body, and with it perhaps the token.
    throw new TokenResponseError("not JSON");
  }
  if (typeof parsed !== "object" || parsed === null) throw new TokenResponseError("not a JSON object");
  const { access_token: value, expires_in: expiresIn } = parsed as Record<string, unknown>;
  if (typeof value !== "string" || value === "") throw new TokenResponseError("no access_token");
  if (!/^[\x21-\x7e]+$/.test(value)) throw new TokenResponseError("access_token has characters no header may carry");
  const lifeS = secondsOf(expiresIn) ?? secondsToExpiry(value, nowMs) ?? defaultLifeS;
  return { value, lifetimeMs: Math.min(lifeS, longestLifeS) * 1000 };
}

function secondsOf(expiresIn: unknown): number | undefined {
  if (expiresIn === undefined || expiresIn === null) return undefined;
  const isNumeric = typeof expiresIn === "string" && /^\s*-?\d+(\.\d+)?\s*$/.test(expiresIn);
  const seconds = typeof expiresIn === "number" ? expiresIn : isNumeric ? Number(expiresIn) : Number.NaN;
  if (!Number.isFinite(seconds)) throw new TokenResponseError("expires_in is no number");
  return seconds;
}

/** Read without checking the signature: the token is not trusted for it, only kept shorter or longer. */
function secondsToExpiry(token: string, nowMs: number): number | undefined {
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
