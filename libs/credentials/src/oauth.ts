import { headerValues } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import { basicAuthorization } from "./basic.ts";
import type { Credential } from "./credential.ts";
import { fingerprint } from "./fingerprint.ts";
import { type QueryAddition, toByteString } from "./query.ts";
import { type Reach, trustOf } from "./reach.ts";
import { type RequestParameters, requestParameters } from "./request-parameters.ts";
import { requiredText, type Secret } from "./secret.ts";
import type { Token, Tokens } from "./token-cache.ts";
import { type TokenOptions, tokenOptions } from "./token-options.ts";
import { requestToken } from "./token-request.ts";

export interface TokenSettings extends Reach {
  readonly tokenUrl: string;
  readonly tokens: Tokens;
}

/** OAuth 2.0 client credentials grant (RFC 6749, 4.4); the client proves itself with its secret. */
export function oauth(secret: Secret, settings: TokenSettings): Credential {
  const clientId = requiredText(secret, "clientId");
  const clientSecret = requiredText(secret, "clientSecret");
  const parameters = requestParameters(secret);
  const options = tokenOptions(secret);
  const { authMethod } = options;
  const identity: QueryAddition[] = [["client_id", [toByteString(clientId)]]];
  // Twice by default, as upstream does it: some endpoints read only the form, others only the header.
  if (authMethod === "both" || authMethod === "post") identity.push(["client_secret", [toByteString(clientSecret)]]);
  const inHeader = authMethod === "both" || authMethod === "basic";
  const authorization = inHeader ? basicAuthorization(Buffer.from(clientId), Buffer.from(clientSecret)) : undefined;
  // The secret is part of the key: knowing an id must not be enough to be handed another caller's token.
  const key = tokenKey("OAuth", settings, { parameters, options }, [clientId, clientSecret]);
  return bearer("OAuth", settings.tokens, key, () =>
    requestToken({
      url: settings.tokenUrl,
      form: [...identity, ["grant_type", ["client_credentials"]], ...options.fields],
      ...(authorization === undefined ? {} : { authorization }),
      parameters,
      reach: settings,
    }),
  );
}

/** Everything that decides which token comes back, and who may have it. */
export function tokenKey(
  type: string,
  settings: TokenSettings,
  { parameters: { headers, query }, options }: { parameters: RequestParameters; options: TokenOptions },
  identity: readonly (string | Uint8Array)[],
): string {
  return fingerprint(
    type,
    settings.tokenUrl,
    ...trustOf(settings),
    JSON.stringify([headers.map(({ lowerName, values }) => [lowerName, values]), query, options]),
    ...identity,
  );
}

/** A credential that is a bearer token (RFC 6750) out of the cache. */
export function bearer(type: string, tokens: Tokens, key: string, fetch: () => Promise<Token>): Credential {
  // The cache holds the finished header value, so that a request with a cached token builds no string.
  const fetchHeader = async (): Promise<Token> => {
    const { value, lifetimeMs } = await fetch();
    return { value: `Bearer ${value}`, lifetimeMs };
  };
  return {
    type,
    replaces: ["authorization"],
    authorize(headers) {
      const value = tokens.get(key, fetchHeader);
      if (typeof value === "string") {
        headers.push("Authorization", value);
        return undefined;
      }
      return value.then((fetched) => {
        headers.push("Authorization", fetched);
      }, rethrow);
    },
    refused(headers) {
      const used = headerValues(headers, "authorization");
      tokens.forget(key, (value) => used.includes(value));
    },
  };
}

function rethrow(error: unknown): never {
  if (error instanceof Problem) throw error;
  throw new Problem("TOKEN_REQUEST_FAILED", "failed to get a token", { cause: error });
}
