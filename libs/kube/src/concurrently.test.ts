import { expect, test } from "vitest";
import { concurrently } from "./concurrently.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("so many items are worked on at once, and no more are taken than that", async () => {
  let taken = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  let done = 0;
  async function* items(): AsyncGenerator<number> {
    for (let index = 0; index < 50; index++) {
      taken++;
      expect(taken - done).toBeLessThanOrEqual(4);
      yield index;
    }
  }
  await concurrently(items(), 4, async () => {
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    await turn();
    atOnce--;
    done++;
  });
  expect([done, mostAtOnce]).toEqual([50, 4]);
});

test("the first failure ends it, when what is under way has ended, and ends the generator", async () => {
  let isClosed = false;
  let running = 0;
  function* items(): Generator<number> {
    try {
      for (let index = 0; ; index++) yield index;
    } finally {
      isClosed = true;
    }
  }
  const work = async (item: number): Promise<void> => {
    running++;
    await turn();
    running--;
    if (item >= 10) throw new Error(`no ${item}`);
  };
  await expect(concurrently(items(), 3, work)).rejects.toThrow("no 10");
  expect([running, isClosed]).toEqual([0, true]);
});

test("a generator that fails is a failure too", async () => {
  function* items(): Generator<number> {
    yield 1;
    throw new Error("broken");
  }
  await expect(concurrently(items(), 2, turn)).rejects.toThrow("broken");
});
