import { execFileSync } from "node:child_process";
import path from "node:path";
import { specifications, uncovered } from "./uncovered-cases.ts";

/** Prints, per specification, which numbered cases a test shows and which none does, with the reason on record. */

const workspace = path.resolve(import.meta.dirname, "..");

function testTitles(): string[] {
  const output = execFileSync("npx", ["vitest", "list", "--json"], { cwd: workspace, encoding: "utf8" });
  const tests = JSON.parse(output.slice(output.indexOf("["))) as { name: string }[];
  return tests.map(({ name }) => name);
}

const shown = new Set(testTitles().flatMap((title) => title.match(/\b[A-Z]{2,3}-\d+\b/g) ?? []));
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
process.exitCode = silent > 0 ? 1 : 0;
