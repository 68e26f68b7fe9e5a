import { isFields } from "../json.ts";
import { fieldSchema, resolve, type Schema } from "./schema.ts";

/** Removes, in place, the empty maps and lists that Go leaves out when it writes an object (`omitempty`). */
export function omitEmpty(value: unknown, schema: Schema | undefined): void {
  if (!schema) return;
  if (Array.isArray(value)) {
    const items = resolve(schema.items);
    for (const item of value) omitEmpty(item, items);
    return;
  }
  if (!isFields(value)) return;
  for (const key of Object.keys(value)) {
    const field = fieldSchema(schema, key);
    omitEmpty(value[key], field);
    const isOptional = schema.properties?.[key] !== undefined && !schema.required?.includes(key);
    if (isOptional && isEmptyCollection(value[key], field)) delete value[key];
  }
}

function isEmptyCollection(value: unknown, schema: Schema | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0 && schema?.type === "array";
  // An empty struct is something else than an empty map: it may be a pointer that is set.
  return isFields(value) && Object.keys(value).length === 0 && schema?.additionalProperties !== undefined;
}
