import { clientAuthentication } from "./client-authentication.ts";
import { fingerprint } from "./fingerprint.ts";
import type { KeySet } from "./key-sets.ts";
import type { QueryAddition } from "./query.ts";
import { type Reach, trustOf } from "./reach.ts";
import type { RefreshTokens } from "./refresh-tokens.ts";
import { requestParameters } from "./request-parameters.ts";
import type { Secret } from "./secret.ts";
import type { Tokens } from "./token-cache.ts";
import { type TokenAuthMethod, tokenOptions } from "./token-options.ts";
import { requestToken } from "./token-request.ts";
import type { GrantedToken } from "./token-response.ts";

/** Where tokens come from and where they are kept. */
export interface TokenSettings extends Reach {
  readonly tokenUrl: string;
  readonly tokens: Tokens;
  /** Those of users, apart from the others: there may be many. */
  readonly userTokens: Tokens;
  readonly refreshTokens: RefreshTokens;
  /** Whoever vouches for users. */
  readonly keySets: Tokens<KeySet>;
  /** Throws for a URL that may not be called. */
  readonly checkUrl?: ((url: string) => void) | undefined;
  /** Life of a token whose endpoint says nothing about it. 5 min. */
  readonly defaultLifeMs?: number | undefined;
  /** How long before its end a token is not used any more, unless there is no other to be had. 2 s. */
  readonly eagerExpiryMs?: number | undefined;
}

/** A client of a token endpoint, ready to ask for tokens. */
export interface TokenClient {
  /**
   * The key of a token that is asked for in this way: everything that decides which token comes back, and who may have it.
   * The secret is part of it: knowing an id must not be enough to be handed another caller's token.
   */
  keyOf(...grant: readonly (string | Uint8Array)[]): string;
  /** The client at its endpoint, whatever it asks for. */
  readonly owner: string;
  /** Asks for a token. The grant's own parameters as byte strings. */
  request(grant: readonly QueryAddition[]): Promise<GrantedToken>;
}

/** Reads what a Secret says of a client and its token requests, whatever the grant. */
export function tokenClient(
  type: string,
  secret: Secret,
  settings: TokenSettings,
  usual: TokenAuthMethod,
): TokenClient {
  const { tokenUrl } = settings;
  const { authMethod: method, fields } = tokenOptions(secret, usual);
  const { identity, certificate, prove } = clientAuthentication(secret, tokenUrl, { method, usual });
  const parameters = requestParameters(secret);
  const { headers, query } = parameters;
  const asked = JSON.stringify([headers.map(({ lowerName, values }) => [lowerName, values]), query, fields]);
  const { defaultLifeMs, eagerExpiryMs: marginMs } = settings;
  // How long a token is used is decided when it comes: who wants it otherwise has another.
  const lives = JSON.stringify([defaultLifeMs, marginMs]);
  const owner = fingerprint(type, tokenUrl, ...identity);
  const base = fingerprint(type, tokenUrl, ...trustOf(settings), asked, lives, ...identity);
  return {
    keyOf: (...grant) => (grant.length === 0 ? base : fingerprint(base, ...grant)),
    owner,
    async request(grant) {
      const { form, authorization } = await prove();
      const token = await requestToken({
        url: tokenUrl,
        form: [...grant, ...form, ...fields],
        ...(authorization === undefined ? {} : { authorization }),
        parameters,
        reach: settings,
        defaultLifeMs,
        ...(certificate === undefined ? {} : { certificate }),
      });
      return { ...token, marginMs };
    },
  };
}
