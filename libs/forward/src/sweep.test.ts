import { expect, test } from "vitest";
import { Sweep, type Watched } from "./sweep.ts";
import { eventually } from "./test-world.ts";

function entry(tick: (now: number) => void = () => undefined): Watched {
  return { earlier: undefined, later: undefined, tick };
}

test("ticks everything that is in it, and nothing that left", async () => {
  const sweep = new Sweep();
  const ticks = [0, 0, 0];
  const entries = ticks.map((_, i) => entry(() => (ticks[i] = (ticks[i] ?? 0) + 1)));
  for (const one of entries) sweep.add(one);
  sweep.remove(entries[1] as Watched);
  sweep.remove(entries[1] as Watched);
  expect(sweep.size).toBe(2);
  await eventually(() => ticks[0] === 2, "two ticks");
  expect(ticks).toEqual([2, 0, 2]);
  for (const one of entries) sweep.remove(one);
  expect(sweep.size).toBe(0);
});

test("entries may leave, and take others with them, while it ticks", async () => {
  const sweep = new Sweep();
  let ticked = 0;
  const entries: Watched[] = [];
  for (let i = 0; i < 5; i += 1) {
    entries.push(
      entry(() => {
        ticked += 1;
        for (const one of entries) sweep.remove(one);
      }),
    );
  }
  for (const one of entries) sweep.add(one);
  await eventually(() => ticked > 0, "a tick");
  expect(ticked).toBe(1);
  expect(sweep.size).toBe(0);
});

test("a limit never comes early, and 0 never comes", async () => {
  const sweep = new Sweep();
  const started = performance.now();
  let endedAt = 0;
  const limit = sweep.after(150);
  const one = entry((now) => {
    if (now >= limit) endedAt = performance.now();
  });
  sweep.add(one);
  await eventually(() => endedAt > 0, "the limit");
  sweep.remove(one);
  expect(endedAt - started).toBeGreaterThanOrEqual(150);
  expect(sweep.after(0)).toBe(Number.POSITIVE_INFINITY);
  expect(sweep.after(undefined)).toBe(Number.POSITIVE_INFINITY);
});
