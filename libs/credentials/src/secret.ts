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

/** The bytes of a key that signs: not empty, and, where they are text, without the line break that editors add. */
export function keyBytes(secret: Secret, key: string): Buffer {
  const bytes = required(secret, key);
  if (bytes.length === 0) throw new Problem("SECRET_INVALID", `secret '${secret.name}' has an empty key '${key}'`);
  if (/^[\x20-\x7e]*[\r\n]+$/.test(bytes.toString("latin1"))) {
    throw invalid(secret, key, "it ends with a line break; store the value without it");
  }
  return bytes;
}

/** The text of a key; undefined when it is absent or empty. */
export function optionalText(secret: Secret, key: string): string | undefined {
  return optional(secret, key)?.toString("utf8") || undefined;
}

/** What a key says that only some words may stand in. */
export function choiceOf<T extends string>(secret: Secret, key: string, choices: readonly T[], otherwise: T): T {
  const text = optionalText(secret, key);
  if (text === undefined) return otherwise;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw invalid(secret, key, `must be one of ${choices.join(", ")}`);
  return choice;
}

/** Whether a key says `true`; it may be absent. */
export function flagOf(secret: Secret, key: string, otherwise = false): boolean {
  return choiceOf(secret, key, ["true", "false"], otherwise ? "true" : "false") === "true";
}

/** A whole number of seconds within bounds. */
export function secondsOf(secret: Secret, key: string, { min, max, otherwise }: SecondsRange): number {
  const text = optionalText(secret, key);
  if (text === undefined) return otherwise;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds >= min && seconds <= max))
    throw invalid(secret, key, `must be a number of seconds from ${min} to ${max}`);
  return seconds;
}

export interface SecondsRange {
  readonly min: number;
  readonly max: number;
  readonly otherwise: number;
}

/** The mistake in a Secret. Says where, never what stands there. */
export function invalid(secret: Secret, key: string, why: string, cause?: unknown): Problem {
  return new Problem("SECRET_INVALID", `secret '${secret.name}', key '${key}': ${why}`, { cause });
}
