import { type Fields, isFields } from "../json.ts";
import { fieldSchema, isFreeForm, resolve, type Schema } from "./schema.ts";

const typeMeta = new Set(["apiVersion", "kind", "metadata"]);

/**
 * Removes what the schema does not know from `object`, in place, and returns the paths of what it removed:
 * `spec.services[0].colour`. The root's apiVersion, kind and metadata always stay.
 */
export function prune(object: Fields, schema: Schema | undefined): string[] {
  const unknown: string[] = [];
  if (schema) pruneFields(object, schema, "", unknown, true);
  return unknown.sort();
}

function pruneValue(value: unknown, schema: Schema | undefined, path: string, unknown: string[]): void {
  if (Array.isArray(value)) {
    const items = resolve(schema?.items);
    if (!items) return;
    for (const [index, item] of value.entries()) pruneValue(item, items, `${path}[${index}]`, unknown);
  } else if (isFields(value) && schema) {
    pruneFields(value, schema, path, unknown, schema["x-kubernetes-embedded-resource"] === true);
  }
}

function pruneFields(object: Fields, schema: Schema, path: string, unknown: string[], isResource: boolean): void {
  const keepsUnknown = isFreeForm(schema) || isOpaque(schema);
  for (const key of Object.keys(object)) {
    const child = fieldSchema(schema, key);
    const childPath = path ? `${path}.${key}` : key;
    if (child) {
      pruneValue(object[key], child, childPath, unknown);
    } else if (!keepsUnknown && !schema.additionalProperties && !(isResource && typeMeta.has(key))) {
      unknown.push(childPath);
      delete object[key];
    }
  }
}

/** Built-in types like RawExtension and FieldsV1 say only `type: object` and keep everything; custom ones never look so. */
function isOpaque(schema: Schema): boolean {
  return schema.type === "object" &&
    !schema.properties &&
    !schema.additionalProperties &&
    schema.description !== undefined
    ? opaqueDescriptions.test(schema.description)
    : false;
}

const opaqueDescriptions = /^(FieldsV1 stores|RawExtension is used)/;
