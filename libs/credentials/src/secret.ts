import { Problem } from "@application-connector/problem";

/** A Kubernetes Secret as far as credentials need it; `data` holds base64 text as the API server sends it. */
export interface Secret {
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
}

/** The bytes of a key, or undefined when the key is absent. An empty value is a value. */
export function optional(secret: Secret, key: string): Buffer | undefined {
  // `data` comes from JSON: a key such as `constructor` must not find what every object has.
  const value = Object.hasOwn(secret.data, key) ? secret.data[key] : undefined;
  return value === undefined ? undefined : Buffer.from(value, "base64");
}

/** The bytes of a key that a method can't work without. */
export function required(secret: Secret, key: string): Buffer {
  const value = optional(secret, key);
  if (value === undefined) throw new Problem("SECRET_INVALID", `secret '${secret.name}' has no key '${key}'`);
  return value;
}

/** Like `required`, and not empty. */
export function requiredText(secret: Secret, key: string): string {
  const value = required(secret, key).toString("utf8");
  if (value === "") throw new Problem("SECRET_INVALID", `secret '${secret.name}' has an empty key '${key}'`);
  return value;
}
