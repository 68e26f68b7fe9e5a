import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failing } from "../../uncovered-cases.ts";
import type { Case } from "./case.ts";
import { cases } from "./cases.ts";
import { judge } from "./judge.ts";
import { type ListenerGroup, type ListenerSource, type PublicListener, sources } from "./listeners.ts";
import { type Pace, play } from "./play.ts";

/** Tests every case on every listener, or on those that are wanted. */
export function describeListeners(pace: Pace, isWanted: (source: ListenerSource, name: string) => boolean): void {
  for (const source of sources) {
    const names = source.names.filter((name) => isWanted(source, name));
    if (names.length > 0) describe(source.program, () => describeProgram(source, names, pace));
  }
}

function describeProgram(source: ListenerSource, names: readonly string[], pace: Pace): void {
  let group: ListenerGroup;
  beforeAll(async () => {
    group = await source.start();
  }, 60_000);
  afterAll(() => group?.stop());

  for (const name of names) {
    describe(name, () => {
      for (const [about, table] of Object.entries(cases)) describe(about, () => table.forEach(testCase));
    });

    function testCase(one: Case): void {
      const isFailing = pace === "at once" && Object.hasOwn(failing, `${source.program}, ${name}: ${one.title}`);
      const run = isFailing ? test.fails : test;
      run(one.title, { timeout: 60_000 }, async () => {
        const listener = group.listeners[name] as PublicListener;
        const patience = isFailing ? { patienceMs: 1_000 } : {};
        expect(judge(listener, one, await play(listener, one, { pace, ...patience }))).toEqual([]);
      });
    }
  }
}
