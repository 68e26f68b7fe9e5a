import { expect, test } from "vitest";
import { humanDuration } from "./age.ts";
import { jsonPath } from "./json-path.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

test.each([
  [0, "0s"],
  [119 * second, "119s"],
  [2 * minute, "2m"],
  [3 * minute + 10 * second, "3m10s"],
  [15 * minute, "15m"],
  [179 * minute, "179m"],
  [5 * hour + 3 * minute, "5h3m"],
  [20 * hour, "20h"],
  [3 * day + 4 * hour, "3d4h"],
  [100 * day, "100d"],
  [3 * 365 * day, "3y"],
  [-5 * second, "<invalid>"],
])("%i ms are %s", (milliseconds, text) => {
  expect(humanDuration(milliseconds)).toBe(text);
});

test.each([
  [".spec.size", [3]],
  [".spec.missing", []],
  [".spec.list[*].n", [1, 2]],
  [".spec.list[0].n", [1]],
  [".spec.list[-1].n", [2]],
  ['.status.conditions[?(@.type=="Ready")].status', ["True"]],
  [".status.conditions[?(@.type!='Ready')].status", ["False"]],
  [".metadata.labels['example.com/x']", ["y"]],
  [".metadata.annotations.example\\.com", ["z"]],
])("%s finds %j", (path, found) => {
  const object = {
    metadata: { labels: { "example.com/x": "y" }, annotations: { "example.com": "z" } },
    spec: { size: 3, list: [{ n: 1 }, { n: 2 }] },
    status: {
      conditions: [
        { type: "Ready", status: "True" },
        { type: "Synced", status: "False" },
      ],
    },
  };
  expect(jsonPath(path)(object)).toEqual(found);
});
