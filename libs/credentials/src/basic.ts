import { Problem } from "@application-connector/problem";
import type { Credential } from "./credential.ts";
import { readHeaderName } from "./header-field.ts";
import { required, type Secret } from "./secret.ts";

/** HTTP Basic authentication (RFC 7617). The bytes of the Secret are used as they are: no trimming, no re-encoding. */
export function basic(secret: Secret): Credential {
  const user = required(secret, "username");
  const password = required(secret, "password");
  if (user.length === 0 && password.length === 0) {
    throw new Problem("SECRET_INVALID", `secret '${secret.name}' has empty keys 'username' and 'password'`);
  }
  const name = readHeaderName(secret, "Authorization");
  const value = basicAuthorization(user, password);
  return {
    type: "Basic",
    replaces: [name.toLowerCase()],
    authorize({ headers }) {
      headers.push(name, value);
      return undefined;
    },
    refused: () => undefined,
  };
}

export function basicAuthorization(user: Buffer, password: Buffer): string {
  return `Basic ${Buffer.concat([user, Buffer.from(":"), password]).toString("base64")}`;
}
