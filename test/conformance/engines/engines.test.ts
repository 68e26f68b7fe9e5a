import { afterAll, beforeAll, expect, test } from "vitest";
import { compareAll } from "./compare-all.ts";
import { startGateways } from "./gateway-subject.ts";
import type { Subject } from "./subject.ts";

let gateways: Subject;
beforeAll(async () => {
  gateways = await startGateways({ plain: 8, tls: 2 });
}, 60_000);
afterAll(() => gateways?.stop());

// A short look with a fixed seed; `npm run test:long` looks at 20,000 with others.
test("the engines of the gateway can't be told apart", { timeout: 120_000 }, async () => {
  const numbers = Array.from({ length: 60 }, (_, number) => number);
  const { played, differences } = await compareAll(gateways, { seed: 2, numbers, maxDifferences: 3 });
  expect(differences.join("\n\n")).toBe("");
  expect(played).toBe(60);
});
