import { copyJson, isFields } from "../json.ts";
import { fieldSchema, resolve, type Schema } from "./schema.ts";

/** Fills in the defaults of a custom schema, in place; null where null is not allowed counts as absent. */
export function applyDefaults(value: unknown, schema: Schema | undefined): void {
  if (!schema) return;
  if (Array.isArray(value)) {
    const items = resolve(schema.items);
    for (const item of value) applyDefaults(item, items);
    return;
  }
  if (!isFields(value)) return;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined) continue;
    const current = value[key];
    if (current === undefined || (current === null && !property.nullable)) value[key] = copyJson(property.default);
  }
  for (const key of Object.keys(value)) applyDefaults(value[key], fieldSchema(schema, key));
}
