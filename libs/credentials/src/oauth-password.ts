import type { Credential } from "./credential.ts";
import { type QueryAddition, toByteString } from "./query.ts";
import { requiredText, type Secret } from "./secret.ts";
import { type TokenSettings, tokenClient } from "./token-client.ts";
import { tokenCredential } from "./token-credential.ts";

/** OAuth 2.0 resource owner password grant (RFC 6749, 4.3): one user for all calls, keys `username` and `password`. */
export function oauthPassword(secret: Secret, settings: TokenSettings): Credential {
  const client = tokenClient("OAuthPassword", secret, settings, "both");
  const [username, password] = [requiredText(secret, "username"), requiredText(secret, "password")];
  const grant: readonly QueryAddition[] = [
    ["grant_type", ["password"]],
    ["username", [toByteString(username)]],
    ["password", [toByteString(password)]],
  ];
  return tokenCredential("OAuthPassword", secret, {
    tokens: settings.tokens,
    key: client.keyOf(username, password),
    fetch: () => client.request(grant),
  });
}
