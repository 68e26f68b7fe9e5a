import type { Credential } from "./credential.ts";
import { readHeaderField, staticHeader } from "./header-field.ts";
import { headerText } from "./header-text.ts";
import { invalid, type Secret } from "./secret.ts";

/** `Bearer`: a token that is in the Secret as it is sent (RFC 6750). */
export function bearerToken(secret: Secret): Credential {
  const token = headerText(secret, "token");
  // Many servers give tokens with more characters than RFC 6750 has, but a space would make two of one.
  if (/\s/.test(token)) throw invalid(secret, "token", "it is no bearer token");
  return staticHeader("Bearer", readHeaderField(secret, { name: "Authorization", prefix: "Bearer " }), token);
}
