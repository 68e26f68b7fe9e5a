import { expect, test } from "vitest";
import { median, playRounds, ratio } from "./measure.ts";

const running = { name: "self", port: 0, pid: process.pid, stop: async () => undefined };

test.each([
  { values: [3, 1, 2], middle: 2 },
  { values: [4, 1, 3, 2], middle: 2.5 },
  { values: [7], middle: 7 },
])("the median of $values is $middle", ({ values, middle }) => {
  expect(median(values)).toBe(middle);
});

test("a ratio compares the same round, so a slow minute hits both sides", async () => {
  const speed = [100, 10, 100];
  const rounds = { subject: 0, peer: 0 };
  const contestants = [
    { ...running, name: "peer" },
    { ...running, name: "subject" },
  ];
  const series = await playRounds(
    contestants,
    async ({ name }) => {
      const round = rounds[name as keyof typeof rounds]++;
      return { value: (speed[round] ?? 100) * (name === "subject" ? 1.5 : 1) };
    },
    3,
  );
  const [peer, subject] = series;
  if (!peer || !subject) throw new Error("a series is missing");
  expect(ratio(subject, peer)).toEqual({ median: 1.5, low: 1.5, high: 1.5 });
});

test("a round that was disturbed is run once more", async () => {
  const seen = [100, 100, 20, 100];
  let calls = 0;
  const [series] = await playRounds([{ ...running, name: "peer" }], async () => ({ value: seen[calls++] ?? 0 }), 3);
  expect(series?.values).toEqual([100, 100, 100]);
});
