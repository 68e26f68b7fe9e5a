/**
 * Writes the pages of docs/reference from the declarations in the code: `node tools/reference.ts [--check]`.
 * With --check nothing is written, and a page that differs fails.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { schema as gateway } from "@application-connector/application-gateway";
import { schema as validator } from "@application-connector/connectivity-validator";
import { schema as playground } from "@application-connector/playground";
import { optionsTable } from "@application-connector/service";

const folder = path.resolve(import.meta.dirname, "../docs/reference");
const remedy = "run `npm run generate`";

const programs = [
  { name: "application-gateway", schema: gateway },
  { name: "connectivity-validator", schema: validator },
  { name: "playground", schema: playground },
];

const pages = programs.map(({ name, schema }) => ({
  file: `${name}-flags.md`,
  text: `# Flags of ${name}

Generated from the program's declaration; ${remedy} after a change. Each can be given as \`-name=value\`, \`--name=value\`
or \`--name value\`, or by its environment variable; the flag wins.

${optionsTable(schema).trim()}
`,
}));

if (process.argv.includes("--check")) {
  const stale = pages.filter(({ file, text }) => readOr(path.join(folder, file)) !== text);
  for (const { file } of stale) console.error(`docs/reference/${file} is not what the code declares; ${remedy}`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  mkdirSync(folder, { recursive: true });
  for (const { file, text } of pages) writeFileSync(path.join(folder, file), text);
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
