import type { Credential } from "./credential.ts";
import { clientCredentials } from "./oauth.ts";
import type { Secret } from "./secret.ts";
import { type TokenSettings, tokenClient } from "./token-client.ts";
import { tokenCredential } from "./token-credential.ts";

/** OAuth 2.0 client credentials grant; the client's secret signs an assertion and is never sent (RFC 7523, HS256). */
export function oauthClientSecretJwt(secret: Secret, settings: TokenSettings): Credential {
  const client = tokenClient("OAuthClientSecretJwt", secret, settings, "client_secret_jwt");
  return tokenCredential("OAuthClientSecretJwt", secret, {
    tokens: settings.tokens,
    key: client.keyOf(),
    fetch: () => client.request(clientCredentials),
  });
}
