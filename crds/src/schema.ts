/** A structural OpenAPI v3 schema with the keywords our CRDs use. Anything else is refused by the generator. */
export interface Schema {
  /** Left out where `x-kubernetes-int-or-string` takes its place. */
  type?: "object" | "array" | "string" | "boolean" | "integer" | "number";
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
  maximum?: number;
  maxItems?: number;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  "x-kubernetes-list-map-keys"?: readonly string[];
  "x-kubernetes-map-type"?: "atomic" | "granular";
  /** Rules in CEL. The API server alone knows them: what was stored before a rule came is read all the same. */
  "x-kubernetes-validations"?: readonly { rule: string; message: string }[];
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
  "maximum",
  "maxItems",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-map-type",
  "x-kubernetes-validations",
]);

/** Every schema inside another one, itself included, with its path: `.spec.services[].name`. */
export function* walkSchema(schema: Schema, path = ""): Generator<{ path: string; schema: Schema }> {
  yield { path, schema };
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    yield* walkSchema(property, `${path}.${name}`);
  if (schema.additionalProperties !== undefined) yield* walkSchema(schema.additionalProperties, `${path}{}`);
  if (schema.items !== undefined) yield* walkSchema(schema.items, `${path}[]`);
}
