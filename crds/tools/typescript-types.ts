import { compile, type JSONSchema } from "json-schema-to-typescript";
import type { CustomResourceDefinition } from "../src/custom-resource-definition.ts";
import type { Schema } from "../src/schema.ts";

/** TypeScript interfaces for the objects of one version of a CRD. */
export async function typescriptTypes(definition: CustomResourceDefinition, schema: Schema): Promise<string> {
  const { kind } = definition.spec.names;
  const root = jsonSchema(schema, kind, kind, new Map());
  // Every object that was read has a name, whatever the CRD requires; ObjectMeta is ours, see the file's imports.
  root.properties = { ...root.properties, metadata: { tsType: "ObjectMeta" } };
  root.required = ["metadata", ...(Array.isArray(root.required) ? root.required : [])];
  return compile(root, kind, { additionalProperties: false, bannerComment: "", style: { printWidth: 120 } });
}

/**
 * The JSON Schema of an OpenAPI schema. Nested objects get titles, which become names of interfaces: the kind and
 * the property they stand in, so `services[]` of an Application is an `ApplicationService`.
 */
function jsonSchema(schema: Schema, kind: string, title: string, titles: Map<string, Schema>): JSONSchema {
  const { type, description, nullable, properties, required, additionalProperties, items } = schema;
  const result: JSONSchema =
    type === undefined ? { tsType: "number | string" } : { type: nullable ? [type, "null"] : type };
  if (description !== undefined) result.description = describe(schema, description);
  if (schema.enum !== undefined) result.enum = [...schema.enum];
  if (required !== undefined) result.required = [...required];
  if (properties !== undefined) {
    const other = titles.get(title);
    if (other !== undefined && other !== schema) throw new Error(`two objects would be called ${title}`);
    titles.set(title, schema);
    result.title = title;
    result.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [
        name,
        jsonSchema(property, kind, kind + capitalised(property.type === "array" ? singular(name) : name), titles),
      ]),
    );
  }
  if (additionalProperties !== undefined) {
    const value = additionalProperties.type ?? "number | string";
    if (value !== "string" && additionalProperties.type !== undefined) {
      throw new Error(`${title} is a map of something else than strings and quantities`);
    }
    result.tsType = `Record<string, ${value}>${nullable ? " | null" : ""}`;
  }
  if (items !== undefined) result.items = jsonSchema(items, kind, title, titles);
  return result;
}

function describe(schema: Schema, description: string): string {
  return schema.default === undefined ? description : `${description} Default: ${JSON.stringify(schema.default)}.`;
}

const capitalised = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const singular = (name: string) => (name.endsWith("ies") ? `${name.slice(0, -3)}y` : name.replace(/s$/, ""));
