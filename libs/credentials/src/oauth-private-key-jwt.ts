import type { Credential } from "./credential.ts";
import { clientCredentials } from "./oauth.ts";
import type { Secret } from "./secret.ts";
import { type TokenSettings, tokenClient } from "./token-client.ts";
import { tokenCredential } from "./token-credential.ts";

/** OAuth 2.0 client credentials grant; the client proves itself with an assertion that its private key signs (RFC 7523). */
export function oauthPrivateKeyJwt(secret: Secret, settings: TokenSettings): Credential {
  const client = tokenClient("OAuthPrivateKeyJwt", secret, settings, "private_key_jwt");
  return tokenCredential("OAuthPrivateKeyJwt", secret, {
    tokens: settings.tokens,
    key: client.keyOf(),
    fetch: () => client.request(clientCredentials),
  });
}
