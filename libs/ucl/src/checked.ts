import type { Static, TSchema } from "typebox";
import { Check, Errors } from "typebox/value";
import { UclError } from "./ucl-error.ts";

/** An answer as what it should be. Its mistake is told by path, never by value. */
export function checked<T extends TSchema>(
  schema: T,
  data: unknown,
  { what, requestId }: { what: string; requestId: string },
): Static<T> {
  if (Check(schema, data)) return data as Static<T>;
  const [first] = Errors(schema, data);
  const where = first === undefined ? "" : ` at ${first.instancePath === "" ? "its root" : first.instancePath}`;
  const message = `${what}: the answer is not of the expected shape${where}: ${first?.message ?? "unknown mistake"}`;
  throw new UclError(message, { code: "invalid-answer", what, requestId });
}
