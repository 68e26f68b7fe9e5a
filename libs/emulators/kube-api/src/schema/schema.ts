import { definitions } from "../generated/definitions.ts";

/** The parts of OpenAPI schemas that mean something to an API server. */
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: string[];
  default?: unknown;
  nullable?: boolean;
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minProperties?: number;
  maxProperties?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  exclusiveMaximum?: boolean;
  multipleOf?: number;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  not?: Schema;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-embedded-resource"?: boolean;
  "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  "x-kubernetes-list-map-keys"?: string[];
  "x-kubernetes-map-type"?: "atomic" | "granular";
  "x-kubernetes-patch-merge-key"?: string;
  "x-kubernetes-patch-strategy"?: string;
  "x-kubernetes-validations"?: { rule: string; message?: string; fieldPath?: string }[];
  "x-kubernetes-group-version-kind"?: { group: string; version: string; kind: string }[];
}

const prefix = "#/definitions/";
const parsed = new Map<string, Schema>();

/** A built-in definition by its OpenAPI name. */
export function definition(name: string): Schema | undefined {
  const known = parsed.get(name);
  if (known) return known;
  const text = definitions[name];
  if (text === undefined) return undefined;
  const schema = JSON.parse(text) as Schema;
  parsed.set(name, schema);
  return schema;
}

/** Follows references; what cannot be found accepts anything. */
export function resolve(schema: Schema | undefined): Schema | undefined {
  let current = schema;
  while (current?.$ref !== undefined) {
    const target = definition(current.$ref.slice(prefix.length));
    // A default beside the reference belongs to the field, not to the type.
    if (target && current.default !== undefined && target.$ref === undefined)
      return { ...target, default: current.default };
    current = target;
  }
  return current;
}

export const objectMetaRef = `${prefix}io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta`;
export const listMetaRef = `${prefix}io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta`;

/** Free-form by design: RawExtension, FieldsV1, JSON; a custom schema says so with preserve-unknown-fields. */
export function isFreeForm(schema: Schema | undefined): boolean {
  if (!schema) return true;
  if (schema["x-kubernetes-preserve-unknown-fields"]) return true;
  return schema.type === undefined && !schema.properties && !schema.additionalProperties && !schema.items;
}

/** The schema of one field of an object: a property, or what additional properties look like. */
export function fieldSchema(schema: Schema | undefined, key: string): Schema | undefined {
  const property = schema?.properties?.[key];
  if (property) return resolve(property);
  const additional = schema?.additionalProperties;
  return typeof additional === "object" ? resolve(additional) : undefined;
}
