/** What an answer holds at some place is not what it should. Names the place, never the value. */
export class MalformedError extends Error {
  override readonly name = "MalformedError";
}

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function fieldsAt(value: unknown, place: string): Fields {
  if (isFields(value)) return value;
  throw new MalformedError(`${place || "it"} is no object`);
}

/** The same where GraphQL allows null. */
export function fieldsOrNone(value: unknown, place: string): Fields | undefined {
  return isNone(value) ? undefined : fieldsAt(value, place);
}

export function listAt(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new MalformedError(`${place} is no list`);
}

export function textAt(value: unknown, place: string): string {
  // Half of a surrogate pair is stored as U+FFFD by every server: it would look changed for ever.
  if (typeof value === "string") return value.toWellFormed();
  throw new MalformedError(`${place} is no text`);
}

/** The same where GraphQL allows null. */
export function textOrNone(value: unknown, place: string): string | undefined {
  return isNone(value) ? undefined : textAt(value, place);
}

/** An id: a text that is not empty. */
export function idAt(value: unknown, place: string): string {
  const id = textAt(value, place);
  if (id === "") throw new MalformedError(`${place} is empty`);
  return id;
}

export const isNone = (value: unknown): value is null | undefined => value === null || value === undefined;
