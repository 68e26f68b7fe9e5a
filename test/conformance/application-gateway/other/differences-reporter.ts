import type { Reporter, TestCase, TestModule } from "vitest/node";
import type { Difference } from "./expected-differences.ts";

/** Lists which of the expected differences to the other gateway have shown, and which have not. */
export default class DifferencesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const differing = tests.flatMap((test) => {
      const because = becauseOf(test);
      return because === undefined ? [] : [{ test, because, hasShown: test.result().state === "passed" }];
    });
    const line = ({ test, because }: { test: TestCase; because: string }) =>
      `  ${test.module.relativeModuleId.split("/").at(-1)} > ${test.fullName}: ${because}`;
    const shown = differing.filter(({ hasShown }) => hasShown);
    const missing = differing.filter(({ hasShown }) => !hasShown);
    console.log(`\n${shown.length} expected differences have shown`);
    for (const one of shown) console.log(line(one));
    console.log(`${missing.length} expected differences have not shown: the other program does as ours`);
    for (const one of missing) console.log(line(one));
  }
}

function becauseOf(test: TestCase): string | undefined {
  return (test.meta() as { difference?: Difference["because"] }).difference;
}
