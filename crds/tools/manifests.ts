import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { CustomResourceDefinition } from "../src/custom-resource-definition.ts";
import { schemaKeywords, walkSchema } from "../src/schema.ts";

/** The CRD manifests of a folder, in the order of their file names. */
export function readManifests(folder: string): CustomResourceDefinition[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => {
      const definition = parse(readFileSync(join(folder, file), "utf8")) as CustomResourceDefinition;
      const mistake = manifestMistake(definition, file);
      if (mistake !== undefined) throw new Error(`${file}: ${mistake}`);
      return definition;
    });
}

/** What would make the API server refuse the manifest, or our validator overlook a rule in it. */
function manifestMistake(definition: CustomResourceDefinition, file: string): string | undefined {
  const { group, names, versions } = definition.spec;
  if (definition.metadata.name !== `${names.plural}.${group}`) return `metadata.name must be ${names.plural}.${group}`;
  if (file !== `${group}_${names.plural}.yaml`) return `the file must be called ${group}_${names.plural}.yaml`;
  for (const version of versions) {
    for (const { path, schema } of walkSchema(version.schema.openAPIV3Schema)) {
      const unknown = Object.keys(schema).find((keyword) => !schemaKeywords.has(keyword));
      if (unknown !== undefined) return `${path} uses "${unknown}", which src/schema.ts does not know`;
      if (schema.type === undefined && schema["x-kubernetes-int-or-string"] !== true) return `${path} has no type`;
      if (schema.properties !== undefined && schema.additionalProperties !== undefined) {
        return `${path} has both properties and additionalProperties`;
      }
    }
  }
  return undefined;
}
