import { beforeEach } from "vitest";
import { differences, needOwnWorld } from "./expected-differences.ts";
import { otherValidator } from "./other-validator.ts";

// Only numbered cases say something about every validator. Where another one is expected to differ, the case must fail.
beforeEach(({ task, skip }) => {
  const ids = task.name.match(/CV-\d+/g);
  if (ids === null) skip("no numbered case");
  for (const id of ids ?? []) {
    const difference = differences[id];
    if (otherValidator?.kind === "address" && needOwnWorld.has(id)) skip(`${id}: needs a validator started for it`);
    if (difference === undefined) continue;
    if (difference.isNotRun) skip(`${id}: ${difference.because}`);
    // The report shows which of them did not show.
    Object.assign(task.meta, { difference: difference.because });
    Object.assign(task, { fails: true });
  }
});
