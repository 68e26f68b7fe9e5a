import path from "node:path";
import { beforeEach } from "vitest";
import { differences, titlePattern } from "./expected-differences.ts";

/** In the file that calls it: what another gateway does otherwise must fail, and what it does not have does not run. */
export function markDifferences(): void {
  beforeEach(({ task, skip }) => {
    const file = path.basename(task.file.filepath);
    const found = differences.find(
      (difference) =>
        difference.file === file &&
        titlePattern(difference.title).test(task.name) &&
        (difference.rows === undefined || difference.rows.test(task.name)),
    );
    if (found === undefined) return;
    if (found.kind === "not run") skip(found.because);
    // The report shows which of them did not show.
    Object.assign(task.meta, { difference: found.because });
    Object.assign(task, { fails: true });
  });
}
