import { Problem } from "@application-connector/problem";
import type { Credential } from "./credential.ts";
import { readHeaderField } from "./header-field.ts";
import { toByteString } from "./query.ts";
import { forbiddenInValue } from "./request-parameters.ts";
import { requiredText, type Secret } from "./secret.ts";

/** `ApiKey`: a key in a header of its own, `X-API-Key` unless the Secret says otherwise. */
export function apiKey(secret: Secret): Credential {
  const key = toByteString(requiredText(secret, "apiKey"));
  if (forbiddenInValue.test(key)) {
    throw new Problem("SECRET_INVALID", `secret '${secret.name}', key 'apiKey': no header can have it`);
  }
  const { name, lowerName, prefix } = readHeaderField(secret, { name: "X-API-Key", prefix: "" });
  const value = `${prefix}${key}`;
  return {
    type: "ApiKey",
    replaces: [lowerName],
    authorize(headers) {
      headers.push(name, value);
      return undefined;
    },
    refused: () => undefined,
  };
}
