import { afterAll, beforeAll, expect, test } from "vitest";
import { compareAll } from "./compare-all.ts";
import { startGateways } from "./gateway-subject.ts";
import type { Subject } from "./subject.ts";

const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1e9));
/** One of them alone, to look at it. */
const only = process.env["EXCHANGE"];
const count = Number(process.env["EXCHANGES"] ?? 20_000);

let gateways: Subject;
beforeAll(async () => {
  gateways = await startGateways({ plain: 24, tls: 6 });
}, 60_000);
afterAll(() => gateways?.stop());

test("the engines of the gateway can't be told apart", async () => {
  console.log(`seed ${seed}; to repeat: SEED=${seed} npm run test:long -- engines`);
  const range = only === undefined ? { count } : { from: Number(only), count: 1 };
  const { differences, verdicts, statuses, unsteady } = await compareAll(gateways, { seed, ...range });
  console.log(JSON.stringify({ verdicts, statuses: Object.fromEntries([...statuses].sort()), unsteady }));
  expect(differences.join("\n\n")).toBe("");
});
