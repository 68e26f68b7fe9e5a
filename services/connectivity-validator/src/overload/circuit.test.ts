import { expect, test } from "vitest";
import { Circuit } from "./circuit.ts";

const options = { failures: 3, windowMs: 1_000, probeMs: 200 };
const failing = (circuit: Circuit, ...at: number[]) => {
  for (const nowMs of at) circuit.failed(nowMs);
  return circuit.isOpen;
};

test("failures in a row within the window open it", () => {
  expect(failing(new Circuit(options), 0, 500, 1_000)).toBe(true);
  expect(failing(new Circuit(options), 0, 500)).toBe(false);
  expect(failing(new Circuit(options), 0, 500, 1_001)).toBe(false);
  expect(failing(new Circuit(options), 0, 500, 1_001, 1_400)).toBe(true);
  const circuit = new Circuit(options);
  failing(circuit, 0, 1);
  circuit.succeeded();
  expect(failing(circuit, 2, 3)).toBe(false);
});

test("while it is open one call so often is a probe; a good one closes it", () => {
  const circuit = new Circuit(options);
  failing(circuit, 0, 0, 0);
  expect([circuit.admits(0), circuit.admits(199), circuit.admits(200), circuit.admits(201)]).toEqual([
    false,
    false,
    true,
    false,
  ]);
  circuit.failed(210);
  expect([circuit.admits(399), circuit.admits(400), circuit.isOpen]).toEqual([false, true, true]);
  circuit.succeeded();
  expect([circuit.admits(401), circuit.admits(401), circuit.isOpen, circuit.opened]).toEqual([true, true, false, 1]);
});

test("one without a number of failures never opens", () => {
  const circuit = new Circuit({ ...options, failures: 0 });
  expect(failing(circuit, ...new Array(1_000).fill(0))).toBe(false);
  expect(circuit.admits(0)).toBe(true);
});
