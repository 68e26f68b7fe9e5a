import type { RegisteredClient } from "../client-authentication.ts";
import { OAuthError } from "../oauth-error.ts";
import type { RefreshTokens } from "../refresh-tokens.ts";
import type { SamlAuthorities } from "../saml-authorities.ts";
import type { UserTokens } from "../user-tokens.ts";

/** A token request of a client that is known. */
export interface GrantRequest {
  readonly client: RegisteredClient;
  /** Of the form; of the query where the form has none. */
  parameter(name: string): string | undefined;
  /** How the server is called by those who name it. */
  readonly audiences: readonly string[];
}

/** What grants are decided by. */
export interface Authorities {
  /** Passwords by user name. */
  readonly users: ReadonlyMap<string, string>;
  readonly refreshTokens: RefreshTokens;
  readonly userTokens: UserTokens;
  readonly saml: SamlAuthorities;
}

/** For whom a token is, and what else is said with it. */
export interface Granted {
  /** The user; absent for a client by itself. */
  readonly subject?: string;
  readonly refreshToken?: string;
  readonly issuedTokenType?: string;
}

export type Grant = (request: GrantRequest, authorities: Authorities) => Granted | Promise<Granted>;

export function requiredParameter({ parameter }: Pick<GrantRequest, "parameter">, name: string): string {
  const value = parameter(name);
  if (value === undefined) throw new OAuthError("invalid_request", `${name} is missing`);
  return value;
}
