import { afterAll, beforeAll, expect, test } from "vitest";
import { compareAll } from "./compare-all.ts";
import { startGateways } from "./gateway-subject.ts";
import type { Subject } from "./subject.ts";

const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1e9));
const count = Number(process.env["EXCHANGES"] ?? 20_000);
/** Some of them alone, to look at them: they are cut down to what still differs. */
const chosen = process.env["EXCHANGE"]?.split(",").map(Number);
const numbers = chosen ?? Array.from({ length: count }, (_, number) => number);
/** So many may be decided by who comes first. */
const maxUnsteady = Math.ceil(numbers.length / 500);

let gateways: Subject;
beforeAll(async () => {
  gateways = await startGateways({ plain: 24, tls: 6 });
}, 60_000);
afterAll(() => gateways?.stop());

test("the engines of the gateway can't be told apart", async () => {
  console.log(`seed ${seed}; to repeat: SEED=${seed} npm run test:long -- engines`);
  const { differences, verdicts, statuses, unsteady } = await compareAll(gateways, {
    seed,
    numbers,
    shrinks: chosen !== undefined,
    onDifference: (text) => console.log(text),
    onUnsteady: (text) => console.log(`now this way and now that: ${text}`),
  });
  console.log(JSON.stringify({ verdicts, statuses: Object.fromEntries([...statuses].sort()), unsteady }));
  expect(differences.join("\n\n")).toBe("");
  expect(unsteady.length).toBeLessThanOrEqual(maxUnsteady);
});
