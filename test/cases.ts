import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { failing, specifications, uncovered } from "./uncovered-cases.ts";

/** Prints, per specification, which numbered cases a test shows and which none does, with the reason on record. */

const workspace = path.resolve(import.meta.dirname, "..");

/** The ids in the sources of the tests, also of those that a short and a long suite share: titles are only whole when they run. */
function shownCases(): Set<string> {
  const files = globSync("{services,libs,crds,test}/**/{*.test,describe-*}.ts", {
    cwd: workspace,
    exclude: ["**/node_modules/**"],
  });
  const texts = files.map((file) => readFileSync(path.join(workspace, file), "utf8"));
  return new Set(texts.flatMap((text) => text.match(/\b[A-Z]{2,3}-\d+\b/g) ?? []));
}

const shown = shownCases();
let silent = 0;
for (const { id, name, cases } of specifications) {
  const numbers = Array.from({ length: cases }, (_, index) => `${id}-${index + 1}`);
  const open = numbers.filter((number) => !shown.has(number));
  console.log(`${name}: ${cases - open.length} of ${cases} cases have a test`);
  for (const number of open) {
    const reason = uncovered[number];
    if (!reason) silent++;
    console.log(`  ${number.padEnd(6)} ${reason ?? "no test and no reason on record"}`);
  }
}
for (const number of Object.keys(uncovered).filter((number) => shown.has(number))) {
  console.log(`  ${number} has a test now: delete its reason`);
  silent++;
}
for (const [row, reason] of Object.entries(failing)) console.log(`fails: ${row}: ${reason}`);
process.exitCode = silent > 0 ? 1 : 0;
