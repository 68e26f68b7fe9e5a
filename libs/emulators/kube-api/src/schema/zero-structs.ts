import { type Fields, isFields } from "../json.ts";
import { fieldSchema, resolve, type Schema } from "./schema.ts";

/**
 * Adds, in place, the empty objects that a Go struct always has where a field is a struct and no pointer: `status: {}`,
 * `strategy: {}`. They are seen in answers and count in managedFields.
 */
export function addZeroStructs(value: unknown, schema: Schema | undefined): void {
  if (!schema) return;
  if (Array.isArray(value)) {
    const items = resolve(schema.items);
    for (const item of value) addZeroStructs(item, items);
    return;
  }
  if (!isFields(value)) return;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (value[key] === undefined && isStruct(property)) value[key] = {};
  }
  for (const key of Object.keys(value)) addZeroStructs(value[key], fieldSchema(schema, key));
}

function isStruct(property: Schema): boolean {
  if (!isFields(property.default) || Object.keys(property.default).length > 0) return false;
  const type = resolve(property);
  return type?.type === "object" && type.properties !== undefined;
}

/** What an object of a built-in kind is before anything is said about it. */
export function emptyObject(schema: Schema | undefined): Fields {
  const object: Fields = {};
  addZeroStructs(object, schema);
  addNullLists(object, schema);
  return object;
}

/** A required list is there too, as null, so that nobody owns that it exists. */
function addNullLists(object: Fields, schema: Schema | undefined): void {
  for (const key of schema?.required ?? []) {
    const property = fieldSchema(schema, key);
    if (property?.type === "array") object[key] ??= null;
  }
  for (const [key, value] of Object.entries(object)) {
    if (isFields(value)) addNullLists(value, fieldSchema(schema, key));
  }
}
