import { Problem } from "@application-connector/problem";
import type { Credential } from "./credential.ts";
import { readHeaderField } from "./header-field.ts";
import { requiredText, type Secret } from "./secret.ts";

/** `Bearer`: a token that is in the Secret as it is sent (RFC 6750). */
export function bearerToken(secret: Secret): Credential {
  const token = requiredText(secret, "token");
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) {
    throw new Problem("SECRET_INVALID", `secret '${secret.name}', key 'token': it is no bearer token`);
  }
  const { name, lowerName, prefix } = readHeaderField(secret, { name: "Authorization", prefix: "Bearer " });
  const value = `${prefix}${token}`;
  return {
    type: "Bearer",
    replaces: [lowerName],
    authorize(headers) {
      headers.push(name, value);
      return undefined;
    },
    refused: () => undefined,
  };
}
