import type { JWTPayload } from "jose";
import type { Credential } from "./credential.ts";
import { showUrl } from "./http-url.ts";
import { certificatesFrom, privateKeyFrom } from "./pem.ts";
import type { SamlSigner } from "./saml-assertion.ts";
import { invalid, optionalText, requiredText, type Secret } from "./secret.ts";
import { smallestRsaBits } from "./signing-key.ts";
import { type TokenSettings, tokenClient } from "./token-client.ts";
import { refusedUserToken } from "./user-token.ts";
import { userTokenCredential } from "./user-token-credential.ts";
import { type UserTokenVerifier, userTokenVerifier } from "./user-token-verifier.ts";

const grantType = "urn:ietf:params:oauth:grant-type:saml2-bearer";
const nameIdFormats = "urn:oasis:names:tc:SAML:1.1:nameid-format:";
const emailAddress = `${nameIdFormats}emailAddress`;
const previousSession = "urn:oasis:names:tc:SAML:2.0:ac:classes:PreviousSession";
/** What an XML document may hold in one line, and what a name may have. */
const userId = /^[^\p{Cc}\p{Cs}\p{Cn}]{1,256}$/u;

/**
 * OAuth 2.0 SAML bearer grant (RFC 7522, 2.1): the token endpoint gives a token for the user whom we vouch for. Who that is
 * says the token of the call, which is checked first (`userTokenJwks…`). Keys `signingKey`, `signingCertificate`,
 * `samlIssuer`, `samlAudience`, optional `samlRecipient`, `nameIdFormat`, `userIdSource`, `authnContextClassRef`.
 */
export function oauthSamlBearer(secret: Secret, settings: TokenSettings): Credential {
  const client = tokenClient("OAuthSamlBearer", secret, settings, "both");
  const verifier = verifierOf(secret, settings);
  const signer = signerOf(secret);
  const nameIdFormat = optionalText(secret, "nameIdFormat") ?? `${nameIdFormats}unspecified`;
  const source = optionalText(secret, "userIdSource") ?? (nameIdFormat === emailAddress ? "email" : "sub");
  const statement = {
    issuer: requiredText(secret, "samlIssuer"),
    audience: requiredText(secret, "samlAudience"),
    recipient: optionalText(secret, "samlRecipient") ?? showUrl(settings.tokenUrl),
    nameIdFormat,
    authnContext: optionalText(secret, "authnContextClassRef") ?? previousSession,
  };
  const identity = JSON.stringify([statement, source, signer.certificate ?? ""]);
  return userTokenCredential("OAuthSamlBearer", secret, {
    tokens: settings.userTokens,
    keyOf: (userToken) => client.keyOf(userToken, identity, signer.pem),
    verifier,
    async fetch(userToken) {
      const claims = await verifier.verify(userToken);
      // Loaded when the first is signed: most gateways sign none.
      const { samlAssertion } = await import("./saml-assertion.ts");
      const assertion = samlAssertion({ ...statement, nameId: userIdIn(claims, source) }, signer);
      return await client.request([
        ["grant_type", [grantType]],
        ["assertion", [Buffer.from(assertion).toString("base64url")]],
      ]);
    },
  });
}

/** Without one anybody could write a name into a token and be vouched for. */
function verifierOf(secret: Secret, settings: TokenSettings): UserTokenVerifier {
  const verifier = userTokenVerifier(secret, settings);
  if (verifier !== undefined) return verifier;
  throw invalid(secret, "userTokenJwksUrl", "it, or 'userTokenJwks', must say whose tokens of users are true");
}

/** A claim, or one inside of others, as `ext_attr.id`. */
function userIdIn(claims: JWTPayload, source: string): string {
  const members = Object.hasOwn(claims, source) ? [source] : source.split(".");
  let value: unknown = claims;
  for (const member of members) {
    const isMember = typeof value === "object" && value !== null && Object.hasOwn(value, member);
    value = isMember ? (value as Record<string, unknown>)[member] : undefined;
  }
  if (typeof value !== "string" || !userId.test(value)) throw refusedUserToken(`its claim '${source}' names nobody`);
  return value;
}

function signerOf(secret: Secret): SamlSigner & { readonly pem: string } {
  const { key, pem } = privateKeyFrom(secret, "signingKey");
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== "rsa" || modulusLength < smallestRsaBits) {
    throw invalid(secret, "signingKey", `must be RSA of ${smallestRsaBits} bits or more`);
  }
  if (optionalText(secret, "signingCertificate") === undefined) return { key, pem, certificate: undefined };
  const certificates = certificatesFrom(secret, "signingCertificate");
  const certificate = certificates.find((candidate) => candidate.checkPrivateKey(key))?.toString();
  if (certificate === undefined) throw invalid(secret, "signingCertificate", "does not belong to the key 'signingKey'");
  return { key, pem, certificate };
}
