import { isFields } from "../json.ts";
import { fieldSchema, isFreeForm, resolve, type Schema } from "../schema/schema.ts";
import type { PathElement } from "./field-set.ts";

/** How a value takes part in merging: as one piece, field by field, or item by item. */
export type Shape =
  | { type: "leaf" }
  | { type: "map"; isNamed(key: string): boolean; field(key: string): Schema | undefined }
  | { type: "list"; items: Schema | undefined; elementOf(item: unknown): PathElement };

const leaf: Shape = { type: "leaf" };

export function shapeOf(given: Schema | undefined, ...values: unknown[]): Shape {
  const schema = resolve(given);
  const value = values.find((candidate) => candidate !== undefined && candidate !== null);
  if (!schema || (isFreeForm(schema) && !schema.properties)) {
    return isFields(value) ? deducedMap : leaf;
  }
  if (schema.type === "array" || schema.items)
    return Array.isArray(value) || value === undefined ? listShape(schema) : leaf;
  if (schema.type === "object" || schema.properties || schema.additionalProperties) {
    if (schema["x-kubernetes-map-type"] === "atomic") return leaf;
    if (value !== undefined && !isFields(value)) return leaf;
    return {
      type: "map",
      isNamed: (key) => schema.properties?.[key] !== undefined,
      field: (key) => fieldSchema(schema, key),
    };
  }
  return leaf;
}

/** Without a schema, objects are merged field by field and lists are one piece. */
const deducedMap: Shape = { type: "map", isNamed: () => false, field: () => undefined };

function listShape(schema: Schema): Shape {
  const kind = schema["x-kubernetes-list-type"];
  const items = resolve(schema.items);
  if (kind === "set") {
    return { type: "list", items, elementOf: (item) => `v:${JSON.stringify(item)}` };
  }
  if (kind !== "map") return leaf;
  const keys = [...(schema["x-kubernetes-list-map-keys"] ?? [])].sort();
  return {
    type: "list",
    items,
    elementOf(item) {
      const pairs = keys
        .map((key) => [key, (isFields(item) ? item[key] : undefined) ?? items?.properties?.[key]?.default] as const)
        .filter(([, value]) => value !== undefined);
      return `k:${JSON.stringify(Object.fromEntries(pairs))}`;
    },
  };
}

export const field = (key: string): PathElement => `f:${key}`;
