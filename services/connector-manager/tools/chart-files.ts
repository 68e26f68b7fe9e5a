/**
 * `node services/connector-manager/tools/chart-files.ts [--check]`: writes what is made for the chart and of it: the definitions
 * of crds/, since Helm reads no file outside of the chart; the rights that the manager needs for what it installs; the schema
 * of the values, and their reference page.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { customResourceDefinitions } from "@application-connector/crds";
import { bundle } from "../src/bundle/generated/bundle.ts";
import { chart } from "./helm.ts";
import { managerRules } from "./manager-rules.ts";
import { valuesPage } from "./values-page.ts";
import { readValues, valuesSchema } from "./values-schema.ts";

const workspace = path.resolve(import.meta.dirname, "../../..");
const definitions = path.join(workspace, "crds");
const values = readValues(readFileSync(path.join(chart, "values.yaml"), "utf8"));
const schema = valuesSchema(values);

const manifests = readdirSync(definitions).filter((file) => file.endsWith(".yaml"));
const inChart = path.relative(workspace, chart);
const files = new Map([
  ...manifests.map((file): [string, string] => [
    `${inChart}/files/crds/${file}`,
    readFileSync(path.join(definitions, file), "utf8"),
  ]),
  [`${inChart}/files/manager-rules.json`, `${JSON.stringify(rules(), null, 2)}\n`],
  [`${inChart}/values.schema.json`, `${JSON.stringify(schema, null, 2)}\n`],
  ["docs/reference/chart-values.md", valuesPage(values, schema)],
]);

if (process.argv.includes("--check")) {
  const stale = [...files].filter(([file, text]) => readOr(path.join(workspace, file)) !== text);
  for (const [file] of stale) {
    console.error(`${file} is not what it is made from; run \`npm run generate\``);
  }
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  mkdirSync(path.join(chart, "files/crds"), { recursive: true });
  for (const [file, text] of files) writeFileSync(path.join(workspace, file), text);
}

function rules(): object {
  return managerRules(
    bundle,
    customResourceDefinitions.map(({ metadata }) => metadata.name),
  );
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
