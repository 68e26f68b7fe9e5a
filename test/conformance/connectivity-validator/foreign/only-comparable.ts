import { beforeEach } from "vitest";
import { expectedDifferences, needOwnWorld } from "./expected-differences.ts";
import { foreign } from "./subject.ts";

// Only numbered cases say something about every validator; those that differ on purpose are named with the reason.
beforeEach(({ task, skip }) => {
  const ids = task.name.match(/CV-\d+/g);
  if (ids === null) skip("no numbered case");
  for (const id of ids ?? []) {
    if (expectedDifferences[id] !== undefined) skip(`${id}: upstream ${expectedDifferences[id]}`);
    if (foreign?.kind === "address" && needOwnWorld.has(id)) skip(`${id}: needs a validator that is started for it`);
  }
});
