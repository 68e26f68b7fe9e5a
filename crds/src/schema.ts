/** A structural OpenAPI v3 schema with the keywords our CRDs use. Anything else is refused by the generator. */
export interface Schema {
  type: "object" | "array" | "string" | "boolean" | "integer" | "number";
  description?: string;
  nullable?: boolean;
  default?: unknown;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: Schema;
  items?: Schema;
  enum?: readonly string[];
  pattern?: string;
  format?: "date-time" | "int32" | "int64";
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  "x-kubernetes-list-map-keys"?: readonly string[];
}

/** Every keyword of {@link Schema}: a keyword that is not checked must not look as if it were. */
export const schemaKeywords: ReadonlySet<string> = new Set<keyof Schema>([
  "type",
  "description",
  "nullable",
  "default",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
  "pattern",
  "format",
  "minLength",
  "maxLength",
  "minimum",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
]);

/** Every schema inside another one, itself included, with its path: `.spec.services[].name`. */
export function* walkSchema(schema: Schema, path = ""): Generator<{ path: string; schema: Schema }> {
  yield { path, schema };
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    yield* walkSchema(property, `${path}.${name}`);
  if (schema.additionalProperties !== undefined) yield* walkSchema(schema.additionalProperties, `${path}{}`);
  if (schema.items !== undefined) yield* walkSchema(schema.items, `${path}[]`);
}
