import type { Reporter, TestModule } from "vitest/node";

/** Ends the output of every run with one line, `N passed, N failed`, for machines to read. */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string): number => tests.filter((test) => test.result().state === state).length;
    // A hook or an import that throws fails the run without a failed test.
    const groups = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const broken = groups.filter((group) => group.errors().length > 0).length + unhandled.length;
    const line = `${inState("passed")} passed, ${inState("failed") + broken} failed`;
    process.once("exit", () => console.log(line));
  }
}
