import type { Credential } from "./credential.ts";
import { type QueryAddition, toByteString } from "./query.ts";
import { optionalText, requiredText, type Secret } from "./secret.ts";
import { type TokenSettings, tokenClient } from "./token-client.ts";
import { userTokenCredential } from "./user-token-credential.ts";
import { userTokenVerifier } from "./user-token-verifier.ts";

const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";
const accessToken = "urn:ietf:params:oauth:token-type:access_token";

/**
 * OAuth 2.0 token exchange (RFC 8693): the token endpoint gives another token for the user's. Keys `subjectTokenType`,
 * `requestedTokenType`, `actorToken` with `actorTokenType`.
 */
export function oauthTokenExchange(secret: Secret, settings: TokenSettings): Credential {
  const client = tokenClient("OAuthTokenExchange", secret, settings, "both");
  const asked = parametersOf(secret);
  const identity = JSON.stringify(asked);
  return userTokenCredential("OAuthTokenExchange", secret, {
    tokens: settings.userTokens,
    keyOf: (userToken) => client.keyOf(userToken, identity),
    verifier: userTokenVerifier(secret, settings),
    fetch: (userToken) => client.request([["grant_type", [grantType]], ["subject_token", [userToken]], ...asked]),
  });
}

function parametersOf(secret: Secret): readonly QueryAddition[] {
  const texts: [name: string, text: string | undefined][] = [
    ["subject_token_type", optionalText(secret, "subjectTokenType") ?? accessToken],
    ["requested_token_type", optionalText(secret, "requestedTokenType")],
  ];
  const actor = optionalText(secret, "actorToken");
  if (actor !== undefined) {
    texts.push(["actor_token", actor], ["actor_token_type", requiredText(secret, "actorTokenType")]);
  }
  return texts.flatMap(([name, text]): QueryAddition[] => (text === undefined ? [] : [[name, [toByteString(text)]]]));
}
