import { Problem } from "@application-connector/problem";
import type { Credential } from "./credential.ts";
import { clientCredentials } from "./oauth.ts";
import type { Secret } from "./secret.ts";
import { type TokenSettings, tokenClient } from "./token-client.ts";
import { tokenCredential } from "./token-credential.ts";

/**
 * OAuth 2.0 client credentials grant where the client proves itself with a certificate (RFC 8705, section 2). The
 * certificate is for the token endpoint only, unless `targetMtls` says otherwise.
 */
export function oauthWithCertificate(secret: Secret, settings: TokenSettings): Credential {
  const client = tokenClient("OAuthWithCert", secret, settings, "tls_client_auth");
  return tokenCredential("OAuthWithCert", secret, {
    tokens: settings.tokens,
    key: client.keyOf(),
    async fetch() {
      try {
        return await client.request(clientCredentials);
      } catch (cause) {
        // Upstream answers all of these alike; what exactly happened follows its sentence.
        const why = cause instanceof Error ? `: ${cause.message}` : "";
        throw new Problem(
          "TOKEN_CERTIFICATE_FAILED",
          `Failed to get token: Failed to fetch token, possible certificate problem${why}`,
          { cause },
        );
      }
    },
  });
}
