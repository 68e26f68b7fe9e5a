import { Problem } from "@application-connector/problem";
import type { Credential } from "./credential.ts";
import { fingerprint } from "./fingerprint.ts";
import { toByteString } from "./query.ts";
import { requiredText, type Secret } from "./secret.ts";
import type { Token } from "./token-cache.ts";
import { type TokenClient, type TokenSettings, tokenClient } from "./token-client.ts";
import { tokenCredential } from "./token-credential.ts";
import { type GrantedToken, TokenRefusal } from "./token-response.ts";

/**
 * OAuth 2.0 refresh token grant (RFC 6749, 6): key `refreshToken`. Where an endpoint gives another one with each answer, that
 * is used from then on, as long as this process lives.
 */
export function oauthRefreshToken(secret: Secret, settings: TokenSettings): Credential {
  const client = tokenClient("OAuthRefreshToken", secret, settings, "both");
  const own = requiredText(secret, "refreshToken");
  // APIs whose tokens differ in anything else use up the same refresh token.
  const lineage = fingerprint(client.owner, own);
  const { refreshTokens } = settings;
  const use = async (refreshToken: string): Promise<Token> => {
    const token = await ask(client, refreshToken);
    if (token.refreshToken !== undefined) refreshTokens.keep(lineage, token.refreshToken);
    return token;
  };
  const next = async (): Promise<Token> => {
    const latest = refreshTokens.latest(lineage);
    if (latest === undefined) return await use(own);
    try {
      return await use(latest);
    } catch (error) {
      if (!isRefusedGrant(error)) throw error;
      // Somebody else may have used it; the one in the Secret may be new.
      refreshTokens.forget(lineage);
      return await use(own);
    }
  };
  return tokenCredential("OAuthRefreshToken", secret, {
    tokens: settings.tokens,
    key: client.keyOf(own),
    fetch: () => refreshTokens.inTurn(lineage, next),
  });
}

function ask(client: TokenClient, refreshToken: string): Promise<GrantedToken> {
  return client.request([
    ["grant_type", ["refresh_token"]],
    ["refresh_token", [toByteString(refreshToken)]],
  ]);
}

function isRefusedGrant(error: unknown): boolean {
  return error instanceof Problem && error.cause instanceof TokenRefusal && error.cause.code === "invalid_grant";
}
