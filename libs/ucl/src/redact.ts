/** What stands in place of a secret. */
export const censored = "[redacted]";

/** Fields of requests and answers whose values nobody may, or wants to, read in a log. */
const secretFields = new Set([
  "token",
  "csr",
  "password",
  "username",
  "clientId",
  "clientSecret",
  "certificate",
  "clientCertificate",
  "caCertificate",
  "certificateChain",
  "additionalHeaders",
  "additionalHeadersSerialized",
  "additionalQueryParams",
  "additionalQueryParamsSerialized",
  "tokenEndpointURL",
  "raw",
  "rawEncoded",
]);

const pemBlock = /-----BEGIN [^-]+-----[^-]*-----END [^-]+-----/g;
const userInfo = /\/\/[^/@\s"]*@/g;

/** A text without the given secrets, without PEM blocks and without passwords in addresses. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  const plain = secrets
    .filter((secret) => secret.length > 0)
    .reduce((rest, one) => rest.replaceAll(one, censored), text);
  return plain.replace(pemBlock, censored).replace(userInfo, `//${censored}@`);
}

/** JSON of a value in which fields that may hold secrets are struck out, and secrets in texts as well. */
export function redactJson(value: unknown, secrets: readonly string[] = []): string {
  return JSON.stringify(value, (field, part: unknown) => {
    if (secretFields.has(field) && part !== null && !isTokenObject(field, part)) return censored;
    return typeof part === "string" ? redactText(part, secrets) : part;
  });
}

/** The Connector has an object `token` with the token inside; that it is there may be seen. */
const isTokenObject = (field: string, part: unknown): boolean =>
  field === "token" && typeof part === "object" && part !== null;
