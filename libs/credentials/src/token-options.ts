import { Problem } from "@application-connector/problem";
import { type QueryAddition, toByteString } from "./query.ts";
import { optional, type Secret } from "./secret.ts";

/** How a client shows its secret to the token endpoint (RFC 6749, 2.3.1). */
export type TokenAuthMethod = "both" | "basic" | "post" | "none";

const methods: readonly string[] = ["both", "basic", "post", "none"] satisfies TokenAuthMethod[];

/** What a Secret says about the request for a token, beside who asks. */
export interface TokenOptions {
  readonly authMethod: TokenAuthMethod;
  /** Fields of the form. */
  readonly fields: readonly QueryAddition[];
}

/** These are who asks and for what; the other keys of the Secret decide them. */
const decided = new Set(["client_id", "client_secret", "grant_type", "client_assertion", "client_assertion_type"]);

/**
 * Reads the keys `scope`, `audience`, `resource` (each a text), `bodyParameters` (a JSON object of texts or lists of
 * texts) and `tokenAuthMethod` of a Secret. What `bodyParameters` says goes before the single keys.
 */
export function tokenOptions(secret: Secret): TokenOptions {
  const authMethod = textOf(secret, "tokenAuthMethod") ?? "both";
  if (!methods.includes(authMethod)) {
    throw new Problem("SECRET_INVALID", `secret '${secret.name}', key 'tokenAuthMethod': one of ${methods.join(", ")}`);
  }
  const fields = new Map<string, string[]>();
  for (const name of ["scope", "audience", "resource"]) {
    const value = textOf(secret, name);
    if (value !== undefined && value !== "") fields.set(name, [value]);
  }
  for (const [name, values] of bodyParameters(secret)) fields.set(name, values);
  return {
    authMethod: authMethod as TokenAuthMethod,
    fields: [...fields].map(([name, values]): QueryAddition => [toByteString(name), values.map(toByteString)]),
  };
}

function bodyParameters(secret: Secret): [string, string[]][] {
  const text = textOf(secret, "bodyParameters");
  if (text === undefined) return [];
  // The parser's own message, and the names, may hold what is secret.
  const broken = (why: string) =>
    new Problem("SECRET_INVALID", `secret '${secret.name}', key 'bodyParameters': ${why}`);
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

function textOf(secret: Secret, key: string): string | undefined {
  return optional(secret, key)?.toString("utf8");
}
