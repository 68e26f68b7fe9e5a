import { Problem } from "@application-connector/problem";
import type { Credential } from "./credential.ts";
import { readHeaderField, staticHeader } from "./header-field.ts";
import { requiredText, type Secret } from "./secret.ts";

/** `Bearer`: a token that is in the Secret as it is sent (RFC 6750). */
export function bearerToken(secret: Secret): Credential {
  const token = requiredText(secret, "token");
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) {
    throw new Problem("SECRET_INVALID", `secret '${secret.name}', key 'token': it is no bearer token`);
  }
  return staticHeader("Bearer", readHeaderField(secret, { name: "Authorization", prefix: "Bearer " }), token);
}
