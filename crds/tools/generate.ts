import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CustomResourceDefinition } from "../src/custom-resource-definition.ts";
import { readManifests } from "./manifests.ts";
import { typescriptTypes } from "./typescript-types.ts";

// node crds/tools/generate.ts [--check]
// Writes src/generated from the manifests beside this folder, or says which file there is out of date.

const root = join(import.meta.dirname, "..");
const target = join(root, "src/generated");
const banner = "// Generated from crds/*.yaml by crds/tools/generate.ts. Do not edit.\n\n";

/** All generated files: name → content. */
async function generate(definitions: readonly CustomResourceDefinition[]): Promise<Map<string, string>> {
  const files = new Map([["custom-resource-definitions.ts", manifestsFile(definitions)]]);
  for (const definition of definitions) files.set(`${definition.spec.names.plural}.ts`, await resourceFile(definition));
  return files;
}

function manifestsFile(definitions: readonly CustomResourceDefinition[]): string {
  const constants = definitions.map(
    (definition) =>
      `export const ${constantName(definition)}: CustomResourceDefinition = ${JSON.stringify(definition, null, 2)};\n\n`,
  );
  return `${banner}import type { CustomResourceDefinition } from "../custom-resource-definition.ts";

${constants.join("")}/** All manifests of this package. */
export const customResourceDefinitions: readonly CustomResourceDefinition[] = [${definitions.map(constantName).join(", ")}];
`;
}

async function resourceFile(definition: CustomResourceDefinition): Promise<string> {
  const { names, versions } = definition.spec;
  const stored = versions.find(({ storage }) => storage);
  if (stored === undefined) throw new Error(`${definition.metadata.name} has no storage version`);
  const types = await typescriptTypes(definition, stored.schema.openAPIV3Schema);
  return `${banner}import { defineResource } from "../define-resource.ts";
import type { ObjectMeta } from "../object-meta.ts";
import type { Resource } from "../resource.ts";
import { ${constantName(definition)} } from "./custom-resource-definitions.ts";

${types}
/** ${definition.metadata.name}, ${stored.name} */
export const ${names.plural}: Resource<${names.kind}> = /* @__PURE__ */ defineResource<${names.kind}>(${constantName(definition)}, "${stored.name}");
`;
}

function constantName({ spec: { names } }: CustomResourceDefinition): string {
  return `${names.plural}Definition`;
}

const files = await generate(readManifests(root));
const present = existsSync(target) ? readdirSync(target) : [];
const surplus = present.filter((file) => !files.has(file));

if (process.argv.includes("--check")) {
  const differing =
    [...files].find(([file, content]) => !present.includes(file) || read(file) !== content)?.[0] ?? surplus[0];
  if (differing !== undefined) {
    console.error(`crds/src/generated/${differing} is not what crds/*.yaml say; run "node crds/tools/generate.ts".`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(target, { recursive: true });
  for (const file of surplus) rmSync(join(target, file));
  for (const [file, content] of files) writeFileSync(join(target, file), content);
}

function read(file: string): string {
  return readFileSync(join(target, file), "utf8");
}
