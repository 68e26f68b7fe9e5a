import { expect, test } from "vitest";
import { FetchLanes } from "./fetch-lanes.ts";

test("so many of a lane run at once, the others in the order in which they came, and no lane waits for another", async () => {
  const { start, begun, end } = world({ parallel: 2 });
  const all = ["a1", "a2", "a3", "a4"].map((name) => start("a", name));
  const other = start("b", "b1");
  expect(begun).toEqual(["a1", "a2", "b1"]);
  end("a2");
  await all[1];
  end("b1");
  await other;
  expect(begun).toEqual(["a1", "a2", "b1", "a3"]);
  for (const name of ["a1", "a3"]) end(name);
  await Promise.all([all[0], all[2]]);
  end("a4");
  await all[3];
  expect(begun.at(-1)).toBe("a4");
});

test("one that fails makes way like any other, and nothing is left of a lane that is empty", async () => {
  const { lanes, start, begun, end } = world({ parallel: 1 });
  const [first, second] = [start("a", "fails"), start("a", "next")];
  end("fails", new Error("down"));
  await expect(first).rejects.toThrow("down");
  end("next");
  await second;
  expect(begun).toEqual(["fails", "next"]);
  expect(lanes.size).toBe(0);
});

test("more than may wait are refused at once, and those that wait too long later", async () => {
  const { lanes, start, begun, end } = world({ parallel: 1, waiting: 1, waitMs: 20 });
  const first = start("a", "runs");
  const second = start("a", "waits");
  await expect(start("a", "is too many")).rejects.toMatchObject({ code: "OVERLOADED", status: 429 });
  await expect(second).rejects.toMatchObject({ code: "OVERLOADED" });
  end("runs");
  await first;
  expect(begun).toEqual(["runs"]);
  expect(lanes.size).toBe(0);
});

function world(options: { parallel: number; waiting?: number; waitMs?: number }) {
  const lanes = new FetchLanes({ waiting: 100, waitMs: 10_000, ...options });
  const begun: string[] = [];
  const open = new Map<string, PromiseWithResolvers<string>>();
  const settle = (name: string) => {
    const found = open.get(name) ?? Promise.withResolvers<string>();
    open.set(name, found);
    return found;
  };
  return {
    lanes,
    begun,
    start: (lane: string, name: string) =>
      lanes.run(lane, () => {
        begun.push(name);
        return settle(name).promise;
      }),
    end(name: string, error?: Error) {
      if (error === undefined) settle(name).resolve(name);
      else settle(name).reject(error);
    },
  };
}
