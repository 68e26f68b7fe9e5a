import type { Credential } from "./credential.ts";
import type { Secret } from "./secret.ts";
import { type TokenSettings, tokenClient } from "./token-client.ts";
import { userTokenCredential } from "./user-token-credential.ts";
import { userTokenVerifier } from "./user-token-verifier.ts";

const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** OAuth 2.0 JWT bearer grant (RFC 7523, 2.1): the token endpoint gives a token for the user whose token the call has. */
export function oauthJwtBearer(secret: Secret, settings: TokenSettings): Credential {
  const client = tokenClient("OAuthJwtBearer", secret, settings, "both");
  return userTokenCredential("OAuthJwtBearer", secret, {
    tokens: settings.userTokens,
    keyOf: (userToken) => client.keyOf(userToken),
    verifier: userTokenVerifier(secret, settings),
    fetch: (userToken) =>
      client.request([
        ["grant_type", [grantType]],
        ["assertion", [userToken]],
      ]),
  });
}
