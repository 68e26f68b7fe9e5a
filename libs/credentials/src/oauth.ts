import type { Credential } from "./credential.ts";
import type { QueryAddition } from "./query.ts";
import type { Secret } from "./secret.ts";
import { type TokenSettings, tokenClient } from "./token-client.ts";
import { tokenCredential } from "./token-credential.ts";

export const clientCredentials: readonly QueryAddition[] = [["grant_type", ["client_credentials"]]];

/** OAuth 2.0 client credentials grant (RFC 6749, 4.4); the client proves itself with its secret. */
export function oauth(secret: Secret, settings: TokenSettings): Credential {
  const client = tokenClient("OAuth", secret, settings, "both");
  return tokenCredential("OAuth", secret, {
    tokens: settings.tokens,
    key: client.keyOf(),
    fetch: () => client.request(clientCredentials),
  });
}
