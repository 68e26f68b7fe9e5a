import { type QueryAddition, toByteString } from "./query.ts";
import { invalid, optionalText, type Secret } from "./secret.ts";

const methods = ["both", "basic", "post", "none", "tls_client_auth", "private_key_jwt", "client_secret_jwt"] as const;

/**
 * How a client proves itself to the token endpoint: `both` is upstream's way, the other names are those of OAuth's registry,
 * without the `client_secret_` of `basic` and `post`.
 */
export type TokenAuthMethod = (typeof methods)[number];

/** What a Secret says about the request for a token, beside who asks. */
export interface TokenOptions {
  readonly authMethod: TokenAuthMethod;
  /** Fields of the form. */
  readonly fields: readonly QueryAddition[];
}

/** These are who asks and for what; the other keys of the Secret decide them. */
const decided = new Set([
  "actor_token",
  "actor_token_type",
  "assertion",
  "client_assertion",
  "client_assertion_type",
  "client_id",
  "client_secret",
  "grant_type",
  "password",
  "refresh_token",
  "requested_token_type",
  "subject_token",
  "subject_token_type",
  "username",
]);

/**
 * Reads the keys `scope`, `audience`, `resource` (each a text), `bodyParameters` (a JSON object of texts or lists of
 * texts) and `tokenAuthMethod` of a Secret. What `bodyParameters` says goes before the single keys.
 */
export function tokenOptions(secret: Secret, usual: TokenAuthMethod): TokenOptions {
  const text = optionalText(secret, "tokenAuthMethod") ?? usual;
  const authMethod = methods.find((method) => method === text);
  if (authMethod === undefined) throw invalid(secret, "tokenAuthMethod", `one of ${methods.join(", ")}`);
  const fields = new Map<string, string[]>();
  for (const name of ["scope", "audience", "resource"]) {
    const value = optionalText(secret, name);
    if (value !== undefined) fields.set(name, [value]);
  }
  for (const [name, values] of bodyParameters(secret)) fields.set(name, values);
  return {
    authMethod,
    fields: [...fields].map(([name, values]): QueryAddition => [toByteString(name), values.map(toByteString)]),
  };
}

function bodyParameters(secret: Secret): [string, string[]][] {
  const text = optionalText(secret, "bodyParameters");
  if (text === undefined) return [];
  // The parser's own message, and the names, may hold what is secret.
  const broken = (why: string) => invalid(secret, "bodyParameters", why);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw broken("not JSON");
  }
  if (parsed === null) return [];
  if (typeof parsed !== "object" || Array.isArray(parsed)) throw broken("not an object");
  return Object.entries(parsed).map(([name, value]): [string, string[]] => {
    if (decided.has(name)) throw broken(`'${name}' is decided by other keys`);
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (!values.every((one) => typeof one === "string")) throw broken("a value is neither a text nor a list of texts");
    return [name, values as string[]];
  });
}
