import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { differences } from "./expected-differences.ts";

const suite = path.resolve(import.meta.dirname, "..");
const source = ["routing-and-identity", "forwarding", "application-changes"]
  .map((name) => readFileSync(path.join(suite, `${name}.test.ts`), "utf8"))
  .join();

test("every expected difference names a case that is there", () => {
  expect(Object.keys(differences).filter((id) => !source.includes(`${id} `) && !source.includes(`"${id}"`))).toEqual(
    [],
  );
});

test("every deviation that the wire shows is an expected difference, or has a test beside the numbered cases", () => {
  const named = new Set(Object.values(differences).flatMap(({ because }) => because.match(/D-\d+/g) ?? []));
  const elsewhere = ["D-08", "D-09", "D-10", "D-11", "D-12", "D-14", "D-17"];
  const all = Array.from({ length: 17 }, (_, at) => `D-${String(at + 1).padStart(2, "0")}`);
  expect(all.filter((id) => !named.has(id) && !elsewhere.includes(id))).toEqual([]);
});
