import { apiKey } from "./api-key.ts";
import { awsSignature } from "./aws-signature.ts";
import { basic } from "./basic.ts";
import { bearerToken } from "./bearer-token.ts";
import { clientCertificate } from "./client-certificate.ts";
import type { Credential } from "./credential.ts";
import { hmacSignature } from "./hmac-signature.ts";
import { none } from "./none.ts";
import { oauth } from "./oauth.ts";
import { oauthClientSecretJwt } from "./oauth-client-secret-jwt.ts";
import { oauthJwtBearer } from "./oauth-jwt-bearer.ts";
import { oauthPassword } from "./oauth-password.ts";
import { oauthPrivateKeyJwt } from "./oauth-private-key-jwt.ts";
import { oauthRefreshToken } from "./oauth-refresh-token.ts";
import { oauthSamlBearer } from "./oauth-saml-bearer.ts";
import { oauthTokenExchange } from "./oauth-token-exchange.ts";
import { oauthWithCertificate } from "./oauth-with-certificate.ts";
import { privateKeySignature } from "./private-key-signature.ts";
import type { Secret } from "./secret.ts";
import { withTargetCertificate } from "./target-certificate.ts";
import type { TokenSettings } from "./token-client.ts";

/** A method: reads a Secret, throws a `Problem` that names Secret and key when it lacks something. */
type Method = (secret: Secret, settings: TokenSettings) => Credential;

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["Basic", basic],
  ["OAuth", oauth],
  ["OAuthWithCert", oauthWithCertificate],
  ["CertificateGen", clientCertificate],
  ["ApiKey", apiKey],
  ["Bearer", bearerToken],
  ["HmacSignature", hmacSignature],
  ["PrivateKeySignature", privateKeySignature],
  ["AwsSigV4", awsSignature],
  ["OAuthPrivateKeyJwt", oauthPrivateKeyJwt],
  ["OAuthClientSecretJwt", oauthClientSecretJwt],
  ["OAuthPassword", oauthPassword],
  ["OAuthRefreshToken", oauthRefreshToken],
  ["OAuthJwtBearer", oauthJwtBearer],
  ["OAuthSamlBearer", oauthSamlBearer],
  ["OAuthTokenExchange", oauthTokenExchange],
]);

/** What `credentials.type` may be; it is read with its case. */
export const knownTypes: ReadonlySet<string> = new Set(methods.keys());

/** The credential that `credentials.type` of an Application names. A type nobody knows means none, as upstream has it. */
export function credentialFor(type: string, secret: Secret, settings: TokenSettings): Credential {
  const method = methods.get(type);
  return method === undefined ? none(type) : withTargetCertificate(method(secret, settings), secret);
}
