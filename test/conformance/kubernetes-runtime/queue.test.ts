import { createController, createWorkQueue, type WorkQueueOptions } from "@application-connector/kube";
import { createManualClock } from "@application-connector/kube/testing";
import { expect, onTestFinished, test } from "vitest";

function queueWith(options: WorkQueueOptions = {}) {
  const clock = createManualClock();
  const queue = createWorkQueue({ clock, random: () => 0, ...options });
  /** What the queue hands out now, worked on in no time. */
  const handedOut = async (): Promise<string[]> => {
    const keys: string[] = [];
    while (queue.depth > 0) {
      const key = (await queue.get()) as string;
      keys.push(key);
      queue.done(key);
    }
    return keys;
  };
  return { clock, queue, handedOut };
}

test("KR-17 a thousand adds of a key during its reconcile cause exactly one more, and never two at once", async () => {
  let runs = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const controller = createController({
    name: "test",
    sources: [],
    workers: 4,
    async reconcile() {
      mostAtOnce = Math.max(mostAtOnce, ++atOnce);
      await gates[runs++]?.promise;
      atOnce--;
    },
  });
  onTestFinished(() => controller.stop());
  await controller.start();
  const touch = () => controller.enqueue({ namespace: "here", name: "crm" });
  touch();
  await expect.poll(() => runs).toBe(1);
  for (let count = 0; count < 1_000; count++) touch();
  gates[0]?.resolve();
  await expect.poll(() => runs).toBe(2);
  gates[1]?.resolve();
  await controller.stop();
  expect([runs, mostAtOnce]).toEqual([2, 1]);
});

test("KR-18 a failing key waits 5, 10, 20 … ms up to a limit, and begins anew when it was forgotten", () => {
  const { queue } = queueWith({ longestMs: 300 });
  const pauses = () => Array.from({ length: 9 }, () => queue.addRateLimited("a"));
  expect(pauses()).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  expect(queue.addRateLimited("b")).toBe(5);
  expect(queue.failures("a")).toBe(9);
  queue.forget("a");
  expect(queue.addRateLimited("a")).toBe(5);
});

test("KR-18 a key that is added while it waits comes at once, and once", async () => {
  const { queue, clock, handedOut } = queueWith();
  queue.addAfter("a", 5_000);
  queue.add("a");
  expect(await handedOut()).toEqual(["a"]);
  await clock.advance(10_000);
  expect(await handedOut()).toEqual([]);
});

test("KR-18 of several delays of a key the shortest counts", async () => {
  const { queue, clock, handedOut } = queueWith();
  queue.addAfter("a", 5_000);
  queue.addAfter("a", 1_000);
  queue.addAfter("a", 3_000);
  await clock.advance(999);
  expect(await handedOut()).toEqual([]);
  await clock.advance(1);
  expect(await handedOut()).toEqual(["a"]);
  await clock.advance(10_000);
  expect(await handedOut()).toEqual([]);
});

test("pauses differ a little, so that what failed together does not come back together", () => {
  expect(queueWith({ random: () => 1 }).queue.addRateLimited("a")).toBe(5.5);
});

test("of all keys together a hundred are tried again at once, then ten a second", () => {
  const { queue } = queueWith();
  const pauses = Array.from({ length: 120 }, (_, index) => queue.addRateLimited(`key-${index}`));
  expect(pauses.slice(0, 100).every((ms) => ms === 5)).toBe(true);
  expect(pauses.at(-1)).toBe(2_000);
});

test("keys come in the order in which they were added; those of low priority wait, but not for ever", async () => {
  const { queue, handedOut } = queueWith();
  for (const key of ["l1", "l2", "both"]) queue.add(key, "low");
  for (const key of ["n1", "n2", "n1", "both", "n3", "n4", "n5"]) queue.add(key);
  queue.add("n1", "low");
  expect(await handedOut()).toEqual(["n1", "n2", "both", "n3", "l1", "n4", "n5", "l2"]);
});

test("whoever waits for a key gets it as soon as there is one", async () => {
  const { queue } = queueWith();
  const waiting = [queue.get(), queue.get()];
  queue.add("a");
  queue.add("b");
  expect(await Promise.all(waiting)).toEqual(["a", "b"]);
});

test("a queue that shuts down takes nothing in, ends those who wait, and waits for what is being worked on", async () => {
  const { queue, clock } = queueWith();
  for (const key of ["a", "b"]) queue.add(key);
  queue.addAfter("c", 1_000);
  await queue.get();
  let isDown = false;
  const down = queue.shutDown().then(() => {
    isDown = true;
  });
  queue.add("d");
  expect(await queue.get()).toBeUndefined();
  expect(isDown).toBe(false);
  queue.add("a");
  queue.done("a");
  await down;
  expect([queue.depth, clock.pending]).toEqual([0, 0]);
});

test("a queue that drains hands out what waits before it ends", async () => {
  const { queue } = queueWith();
  for (const key of ["a", "b"]) queue.add(key);
  const down = queue.shutDown({ drain: true });
  queue.add("c");
  for (const key of ["a", "b"]) {
    expect(await queue.get()).toBe(key);
    queue.done(key);
  }
  expect(await queue.get()).toBeUndefined();
  await down;
});
