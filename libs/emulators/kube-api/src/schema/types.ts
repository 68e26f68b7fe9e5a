import { isFields } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import { isQuantity } from "./quantity.ts";
import { fieldSchema, resolve, type Schema } from "./schema.ts";
import { timeProblem } from "./times.ts";

/** The first value a Go type could not hold, worded like encoding/json; custom kinds are checked by their schema instead. */
export function typeMismatch(object: unknown, kind: Kind): string | undefined {
  if (!kind.custom) return mismatch(object, kind.schema, kind.kind, "");
  const metadata = isFields(object) ? object["metadata"] : undefined;
  return mismatch(metadata, fieldSchema(kind.schema, "metadata"), "ObjectMeta", "metadata");
}

function mismatch(value: unknown, given: Schema | undefined, type: string, path: string): string | undefined {
  const schema = resolve(given);
  if (!schema?.type || value === null || value === undefined) return undefined;
  const actual = jsonType(value);
  if (!fits(value, actual, schema)) {
    return `json: cannot unmarshal ${actual} into Go struct field ${type}.${path} of type ${goType(schema)}`;
  }
  if (typeof value === "string") return timeProblem(value, schema);
  if (Array.isArray(value)) return firstOf(value.map((item) => mismatch(item, schema.items, type, path)));
  if (!isFields(value)) return undefined;
  return firstOf(
    Object.entries(value).map(([key, item]) =>
      mismatch(item, fieldSchema(schema, key), type, path ? `${path}.${key}` : key),
    ),
  );
}

const firstOf = (found: (string | undefined)[]) => found.find((text) => text !== undefined);

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value;
}

function fits(value: unknown, actual: string, schema: Schema): boolean {
  switch (schema.type) {
    case "string":
      // Quantities and int-or-string values may be written as numbers.
      return actual === "string" || (actual === "number" && isLenient(schema));
    case "integer":
      return actual === "number" && Number.isInteger(value);
    case "number":
      return actual === "number";
    case "boolean":
      return actual === "bool";
    case "array":
      return actual === "array";
    default:
      return actual === "object";
  }
}

const isLenient = (schema: Schema) => schema.format === "int-or-string" || isQuantity(schema);

function goType({ type, format, additionalProperties }: Schema): string {
  if (type === "integer") return format ?? "int64";
  if (type === "boolean") return "bool";
  if (type === "array") return "[]interface {}";
  if (type === "object") {
    const values = typeof additionalProperties === "object" ? resolve(additionalProperties) : undefined;
    return `map[string]${values ? goType(values) : "interface {}"}`;
  }
  if (type === "string" && format === "byte") return "[]uint8";
  return type ?? "interface {}";
}
