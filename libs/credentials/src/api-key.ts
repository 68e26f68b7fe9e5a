import type { Credential } from "./credential.ts";
import { readHeaderField, staticHeader } from "./header-field.ts";
import { headerText } from "./header-text.ts";
import { escapeForm, toByteString, withoutParameter } from "./query.ts";
import { invalid, optionalText, requiredText, type Secret } from "./secret.ts";

/** A key that the target has given: key `apiKey`, in the header `headerName` (`X-API-Key`) or the query as `queryName`. */
export function apiKey(secret: Secret): Credential {
  const queryName = optionalText(secret, "queryName");
  if (queryName !== undefined) return inQuery(secret, queryName);
  const key = headerText(secret, "apiKey");
  return staticHeader("ApiKey", readHeaderField(secret, { name: "X-API-Key", prefix: "" }), key);
}

function inQuery(secret: Secret, queryName: string): Credential {
  for (const key of ["headerName", "headerPrefix"]) {
    if (optionalText(secret, key) !== undefined)
      throw invalid(secret, key, "it is not for a key in the query (queryName)");
  }
  const name = toByteString(queryName);
  const key = toByteString(requiredText(secret, "apiKey"));
  const pair = `${escapeForm(name)}=${escapeForm(key)}`;
  return {
    type: "ApiKey",
    replaces: [],
    queryParameter: [name, [key]],
    authorize: () => undefined,
    // Last: what decides on redirects and second tries must not meet it.
    seal(call) {
      const path = withoutParameter(call.path, name);
      const separator = path.includes("?") ? (/[?&]$/.test(path) ? "" : "&") : "?";
      call.path = path + separator + pair;
    },
    refused: () => undefined,
  };
}
