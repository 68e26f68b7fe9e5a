import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { PublishWindow } from "./publish-window.ts";

function world(size: number, maxWaiting: number) {
  let time = 0;
  const window = new PublishWindow({ size, maxWaiting, waitMs: 1_000, now: () => time });
  const entered: string[] = [];
  const enter = async (name: string): Promise<void> => {
    const refused = await window.enter();
    entered.push(refused === undefined ? name : `${name} ${refused}`);
  };
  return {
    window,
    entered,
    enter,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

test("who finds no room waits for one who leaves, in the order of coming", async () => {
  const { window, entered, enter } = world(2, 10);
  for (const name of ["a", "b", "c", "d", "e"]) void enter(name);
  await turn();
  expect(entered).toEqual(["a", "b"]);
  window.leave();
  await turn();
  expect(entered).toEqual(["a", "b", "c"]);
  for (let count = 0; count < 4; count++) window.leave();
  await turn();
  expect(entered).toEqual(["a", "b", "c", "d", "e"]);
  // All have left: there is room for two again, and no more.
  expect([window.enter(), window.enter(), window.enter() instanceof Promise]).toEqual([undefined, undefined, true]);
});

test("only so many wait, and nobody for too long", async () => {
  const { window, entered, enter, pass } = world(1, 2);
  for (const name of ["a", "b", "c", "d"]) void enter(name);
  await turn();
  expect(entered).toEqual(["a", "d full"]);
  pass(999);
  void enter("e");
  pass(1);
  window.leave();
  await turn();
  expect(entered).toEqual(["a", "d full", "e full", "b too_late", "c too_late"]);
  expect(window.enter()).toBe(undefined);
});
