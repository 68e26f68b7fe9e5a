import { headerValues } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import type { Credential } from "./credential.ts";
import { readHeaderField } from "./header-field.ts";
import type { Secret } from "./secret.ts";
import type { Token, Tokens } from "./token-cache.ts";

export interface TokenSource {
  readonly tokens: Tokens;
  readonly key: string;
  fetch(): Promise<Token>;
}

/** A credential that is a token out of the cache, the same for every call: `Authorization: Bearer …` (RFC 6750). */
export function tokenCredential(type: string, secret: Secret, { tokens, key, fetch }: TokenSource): Credential {
  const { name, lowerName, prefix } = readHeaderField(secret, { name: "Authorization", prefix: "Bearer " });
  // The prefix is no part of what is cached: APIs with another one share the token.
  return {
    type,
    replaces: [lowerName],
    authorize({ headers }) {
      const value = tokens.get(key, fetch);
      if (typeof value === "string") {
        headers.push(name, prefix + value);
        return undefined;
      }
      return value.then((fetched) => void headers.push(name, prefix + fetched), rethrow);
    },
    refused({ headers }) {
      const used = headerValues(headers, lowerName);
      tokens.forget(key, (value) => used.includes(prefix + value));
    },
  };
}

export function rethrow(error: unknown): never {
  if (error instanceof Problem) throw error;
  throw new Problem("TOKEN_REQUEST_FAILED", "failed to get a token", { cause: error });
}
