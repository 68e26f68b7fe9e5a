import { Problem } from "@application-connector/problem";
import type { Credential } from "./credential.ts";
import { readHeaderField, staticHeader } from "./header-field.ts";
import { toByteString } from "./query.ts";
import { forbiddenInValue } from "./request-parameters.ts";
import { requiredText, type Secret } from "./secret.ts";

/** `ApiKey`: a key in a header of its own, `X-API-Key` unless the Secret says otherwise. */
export function apiKey(secret: Secret): Credential {
  const key = toByteString(requiredText(secret, "apiKey"));
  if (forbiddenInValue.test(key)) {
    throw new Problem("SECRET_INVALID", `secret '${secret.name}', key 'apiKey': no header can have it`);
  }
  return staticHeader("ApiKey", readHeaderField(secret, { name: "X-API-Key", prefix: "" }), key);
}
