import { expect, test } from "vitest";
import { compareAll } from "./compare-all.ts";
import { startGateways } from "./gateway-subject.ts";
import { startValidators } from "./validator-subject.ts";

// A short look with a fixed seed; `npm run test:long` looks at 20,000 with others.
test.each([
  { program: "gateway", count: 40, start: () => startGateways({ plain: 8, tls: 2 }) },
  { program: "validator over mutual TLS", count: 12, start: () => startValidators("mutual TLS", 1) },
])("the engines of the $program can't be told apart", { timeout: 120_000 }, async ({ count, start }) => {
  const subject = await start();
  const numbers = Array.from({ length: count }, (_, number) => number);
  const { played, differences } = await compareAll(subject, { seed: 2, numbers, maxDifferences: 3 }).finally(() =>
    subject.stop(),
  );
  expect(differences.join("\n\n")).toBe("");
  expect(played).toBe(count);
});
