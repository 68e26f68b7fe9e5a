import { describe, expect, test } from "vitest";
import { compareAll } from "./compare-all.ts";
import { startGateways } from "./gateway-subject.ts";
import type { Subject } from "./subject.ts";
import { startValidators } from "./validator-subject.ts";

const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1e9));
const count = Number(process.env["EXCHANGES"] ?? 20_000);
/** Where to begin, so that one run can be played in parts. */
const first = Number(process.env["FROM"] ?? 0);
/** Some of them alone, to look at them: they are cut down to what still differs, unless `SHRINK=no`. */
const chosen = process.env["EXCHANGE"]?.split(",").map(Number);
const numbers = chosen ?? Array.from({ length: count }, (_, number) => first + number);
/** So many may be decided by who comes first; on a busy machine that is often the clock. */
const maxUnsteady = Math.ceil(numbers.length / 50);

const subjects: readonly [string, () => Promise<Subject>][] = [
  ["gateway", () => startGateways({ plain: 24, tls: 6 })],
  ["validator behind an ingress", () => startValidators("behind an ingress", 8)],
  ["validator over mutual TLS", () => startValidators("mutual TLS", 8)],
];

describe.each(subjects)("the engines of the %s", (_name, start) => {
  test("can't be told apart", { timeout: 2_400_000 }, async ({ onTestFinished }) => {
    console.log(`seed ${seed}; to repeat: SEED=${seed} npm run test:long -- engines`);
    const subject = await start();
    onTestFinished(() => subject.stop());
    const { differences, verdicts, statuses, unsteady } = await compareAll(subject, {
      seed,
      numbers,
      shrinks: chosen !== undefined && process.env["SHRINK"] !== "no",
      onDifference: (text) => console.log(text),
      onUnsteady: (text) => console.log(`now this way and now that: ${text}`),
    });
    console.log(JSON.stringify({ verdicts, statuses: Object.fromEntries([...statuses].sort()), unsteady }));
    expect(differences.join("\n\n")).toBe("");
    expect(unsteady.length).toBeLessThanOrEqual(maxUnsteady);
  });
});
