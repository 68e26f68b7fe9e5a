import { Problem } from "@application-connector/problem";
import type { Credential } from "./credential.ts";
import { bearer, type TokenSettings, tokenKey } from "./oauth.ts";
import { clientCertificateFrom } from "./pem.ts";
import { toByteString } from "./query.ts";
import { requestParameters } from "./request-parameters.ts";
import { requiredText, type Secret } from "./secret.ts";
import { tokenOptions } from "./token-options.ts";
import { requestToken } from "./token-request.ts";

/**
 * OAuth 2.0 client credentials grant where the client proves itself with a certificate (RFC 8705, section 2). The
 * certificate is for the token endpoint only, never for the target.
 */
export function oauthWithCertificate(secret: Secret, settings: TokenSettings): Credential {
  const clientId = requiredText(secret, "clientId");
  const { cert, key } = clientCertificateFrom(secret);
  const parameters = requestParameters(secret);
  const options = tokenOptions(secret);
  const cacheKey = tokenKey("OAuthWithCert", settings, { parameters, options }, [clientId, cert, key]);
  return bearer("OAuthWithCert", settings.tokens, cacheKey, async () => {
    try {
      return await requestToken({
        url: settings.tokenUrl,
        form: [["client_id", [toByteString(clientId)]], ["grant_type", ["client_credentials"]], ...options.fields],
        parameters,
        reach: settings,
        certificate: { cert, key },
      });
    } catch (cause) {
      // Upstream answers all of these alike; what exactly happened follows its sentence.
      const why = cause instanceof Error ? `: ${cause.message}` : "";
      throw new Problem(
        "TOKEN_CERTIFICATE_FAILED",
        `Failed to get token: Failed to fetch token, possible certificate problem${why}`,
        { cause },
      );
    }
  });
}
