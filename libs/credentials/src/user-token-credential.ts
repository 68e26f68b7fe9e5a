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

export interface UserTokenSource {
  /** Where tokens of users are kept, and no others. */
  readonly tokens: Tokens;
  /** The key of what the user with this token is given. */
  keyOf(userToken: string): string;
  /** Rejects for a token that nobody vouches for; absent where the token endpoint decides. */
  verify?(userToken: string): Promise<unknown>;
  fetch(userToken: string): Promise<Token>;
}

/**
 * A credential that is a token for the user of a call, out of the cache: `Authorization: Bearer …`. What the user is known by
 * goes to the token endpoint and not to the target.
 */
export function userTokenCredential(type: string, secret: Secret, source: UserTokenSource): Credential {
  const { name, lowerName, prefix } = readHeaderField(secret, { name: "Authorization", prefix: "Bearer " });
  const { tokens } = source;
  const fetchHeader = async (userToken: string): Promise<Token> => {
    const token = await source.fetch(userToken).catch(ofUser);
    // Nobody stays longer than the token that let him in.
    const lifeS = lifeOf(userToken) ?? Number.POSITIVE_INFINITY;
    return { ...token, value: prefix + token.value, lifetimeMs: Math.min(token.lifetimeMs, lifeS * 1000) };
  };
  const find = (userToken: string, key: string) => tokens.get(key, () => fetchHeader(userToken));
  const wait = async (userToken: string, key: string): Promise<string> => {
    // First: what is made up must not take a place in the cache.
    await source.verify?.(userToken);
    return await find(userToken, key);
  };
  return {
    type,
    replaces: [...new Set([lowerName, ...userTokenHeaders])],
    authorize(call) {
      try {
        const userToken = userTokenOf(call);
        const key = source.keyOf(userToken);
        const value = tokens.has(key) ? find(userToken, key) : wait(userToken, key);
        if (typeof value !== "string") return value.then((fetched) => void call.headers.push(name, fetched), rethrow);
        call.headers.push(name, value);
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
      tokens.forget(source.keyOf(userToken), (value) => used.includes(value));
    },
  };
}

/** A grant that is refused is the user's, whose token it was made of. */
function ofUser(error: unknown): never {
  const refusal = error instanceof Problem && error.cause instanceof TokenRefusal ? error.cause : undefined;
  if (refusal?.code !== "invalid_grant") throw error;
  throw refusedUserToken("the token endpoint takes it for nobody's (invalid_grant)", error);
}
