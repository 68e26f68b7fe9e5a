import { Problem } from "@application-connector/problem";
import type { JWTPayload, JWTVerifyGetKey } from "jose";
import { fingerprint } from "./fingerprint.ts";
import { KeySetError, keySetFrom, readKeySet } from "./key-sets.ts";
import { trustOf } from "./reach.ts";
import { invalid, optionalText, requiredText, type Secret } from "./secret.ts";
import type { TokenSettings } from "./token-client.ts";
import { refusedUserToken } from "./user-token.ts";

/** Who vouches for tokens of users. */
export interface UserTokenVerifier {
  /** All that decides which tokens are true. */
  readonly identity: string;
  /** Checks that a user's token is a JWT that somebody trusted has signed for us, and says what it holds. */
  verify(token: string): Promise<JWTPayload>;
}

/** No keys that both sides have: who can check such a token can make one. */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
const toleranceS = 60;

/**
 * Reads `userTokenJwks` (a JWK set) or `userTokenJwksUrl`, `userTokenIssuer` and `userTokenAudience`. Undefined where the
 * Secret has none of them: then nobody here can tell.
 */
export function userTokenVerifier(secret: Secret, settings: TokenSettings): UserTokenVerifier | undefined {
  const keys = ["userTokenJwks", "userTokenJwksUrl", "userTokenIssuer", "userTokenAudience"];
  const texts = keys.map((key) => optionalText(secret, key));
  if (texts.every((text) => text === undefined)) return undefined;
  const find = keysOf(secret, settings);
  const issuer = requiredText(secret, "userTokenIssuer");
  const audience = requiredText(secret, "userTokenAudience");
  const expected = { issuer, audience, algorithms, requiredClaims: ["exp"], clockTolerance: toleranceS };
  const identity = fingerprint(JSON.stringify(texts), ...trustOf(settings));
  const verify = async (token: string): Promise<JWTPayload> => {
    const { errors, jwtVerify } = await import("jose");
    try {
      return (await jwtVerify(token, await find(), expected)).payload;
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) {
        // It does not say which key: any will do.
        for await (const key of error) {
          const verified = await jwtVerify(token, key, expected).catch(() => undefined);
          if (verified !== undefined) return verified.payload;
        }
      }
      if (error instanceof errors.JOSEError) throw refusedUserToken(error.code, error);
      if (error instanceof KeySetError) throw new Problem("TOKEN_REQUEST_FAILED", error.message, { cause: error });
      throw error;
    }
  };
  return { identity, verify };
}

function keysOf(secret: Secret, settings: TokenSettings): () => Promise<JWTVerifyGetKey> {
  const url = optionalText(secret, "userTokenJwksUrl");
  if (url !== undefined) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
      throw invalid(secret, "userTokenJwksUrl", "must be an http or https URL");
    }
    settings.checkUrl?.(url);
    return keySetFrom(url, settings, settings.keySets).find;
  }
  const set = readKeySet(requiredText(secret, "userTokenJwks"));
  if (set === undefined) throw invalid(secret, "userTokenJwks", "no JWK set");
  return async () => {
    const { createLocalJWKSet } = await import("jose");
    return createLocalJWKSet(set);
  };
}
