import { headerValues } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import type { Credential, OutgoingCall } from "./credential.ts";
import { fingerprint } from "./fingerprint.ts";
import { readHeaderField } from "./header-field.ts";
import type { Secret } from "./secret.ts";
import type { Token, Tokens } from "./token-cache.ts";
import { rethrow } from "./token-credential.ts";
import { TokenRefusal } from "./token-response.ts";
import { findUserToken, lifeOf, refusedUserToken, userTokenHeaders, userTokenOf } from "./user-token.ts";
import type { UserTokenVerifier } from "./user-token-verifier.ts";

export interface UserTokenSource {
  /** Where tokens of users are kept, and no others. */
  readonly tokens: Tokens;
  /** The key of what the user with this token is given. */
  keyOf(userToken: string): string;
  /** Who vouches for tokens of users; undefined where the token endpoint decides. */
  readonly verifier: UserTokenVerifier | undefined;
  fetch(userToken: string): Promise<Token>;
}

/**
 * A credential that is a token for the user of a call, out of the cache: `Authorization: Bearer …`. What the user is known by
 * goes to the token endpoint and not to the target.
 */
export function userTokenCredential(type: string, secret: Secret, source: UserTokenSource): Credential {
  const { name, lowerName, prefix } = readHeaderField(secret, { name: "Authorization", prefix: "Bearer " });
  const { tokens, verifier } = source;
  // What one API has checked is not checked for another, which may trust somebody else.
  const keyOf = (userToken: string): string => {
    const key = source.keyOf(userToken);
    return verifier === undefined ? key : fingerprint("verified", verifier.identity, key);
  };
  const fetch = async (userToken: string): Promise<Token> => {
    const token = await source.fetch(userToken).catch(ofUser);
    // Nobody stays longer than the token that let him in.
    const lifeS = lifeOf(userToken) ?? Number.POSITIVE_INFINITY;
    return { ...token, lifetimeMs: Math.min(token.lifetimeMs, lifeS * 1000) };
  };
  const find = (userToken: string, key: string) => tokens.get(key, () => fetch(userToken));
  const wait = async (userToken: string, key: string): Promise<string> => {
    // First: what is made up must not take a place in the cache.
    await verifier?.verify(userToken);
    return await find(userToken, key);
  };
  return {
    type,
    replaces: [...new Set([lowerName, ...userTokenHeaders])],
    authorize(call) {
      try {
        const userToken = userTokenOf(call);
        const key = keyOf(userToken);
        const value = tokens.has(key) ? find(userToken, key) : wait(userToken, key);
        if (typeof value !== "string")
          return value.then((fetched) => void call.headers.push(name, prefix + fetched), rethrow);
        call.headers.push(name, prefix + value);
        return undefined;
      } catch (error) {
        return Promise.reject(error);
      }
    },
    userOf(call) {
      const userToken = findUserToken(call);
      return userToken === undefined ? undefined : fingerprint(userToken);
    },
    refused(call: OutgoingCall) {
      const userToken = findUserToken(call);
      if (userToken === undefined) return;
      const used = headerValues(call.headers, lowerName);
      tokens.forget(keyOf(userToken), (value) => used.includes(prefix + value));
    },
  };
}

/** A grant that is refused is the user's, whose token it was made of. */
function ofUser(error: unknown): never {
  const refusal = error instanceof Problem && error.cause instanceof TokenRefusal ? error.cause : undefined;
  if (refusal?.code !== "invalid_grant") throw error;
  throw refusedUserToken("the token endpoint takes it for nobody's (invalid_grant)", error);
}
