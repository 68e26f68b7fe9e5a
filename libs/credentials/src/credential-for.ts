import { apiKey } from "./api-key.ts";
import { basic } from "./basic.ts";
import { bearerToken } from "./bearer-token.ts";
import { clientCertificate } from "./client-certificate.ts";
import type { Credential } from "./credential.ts";
import { none } from "./none.ts";
import { oauth, type TokenSettings } from "./oauth.ts";
import { oauthWithCertificate } from "./oauth-with-certificate.ts";
import type { Secret } from "./secret.ts";

/** What `credentials.type` may be; it is read with its case. */
export const knownTypes: ReadonlySet<string> = new Set([
  "Basic",
  "OAuth",
  "OAuthWithCert",
  "CertificateGen",
  "ApiKey",
  "Bearer",
]);

/**
 * The credential that `credentials.type` of an Application names. Throws a `Problem` that names Secret and key when the
 * Secret lacks something. A type nobody knows means no authentication, as upstream has it.
 */
export function credentialFor(type: string, secret: Secret, settings: TokenSettings): Credential {
  switch (type) {
    case "Basic":
      return basic(secret);
    case "OAuth":
      return oauth(secret, settings);
    case "OAuthWithCert":
      return oauthWithCertificate(secret, settings);
    case "CertificateGen":
      return clientCertificate(secret);
    case "ApiKey":
      return apiKey(secret);
    case "Bearer":
      return bearerToken(secret);
    default:
      return none(type);
  }
}
