import { expect, test } from "vitest";
import { type Situation, timeToNextRound } from "./schedule.ts";

const usual: Situation = {
  hasNewToken: false,
  sinceTryMs: 60_000,
  sinceLastSyncMs: 60_000,
  exists: true,
  isAsked: false,
  isTouched: false,
  isFailing: false,
  untilDueMs: 100_000,
  minimalMs: 15_000,
};

test.each<[title: string, differs: Partial<Situation>, waitMs: number]>([
  ["waits for its period", {}, 100_000],
  ["begins when the period is over", { untilDueMs: 0 }, 0],
  ["begins at once when it is asked for", { isAsked: true, sinceTryMs: 0, sinceLastSyncMs: 0 }, 0],
  ["waits for the back-off when what was asked for fails", { isAsked: true, isFailing: true }, 100_000],
  [
    "keeps the minimal time when what was asked for fails",
    { isAsked: true, isFailing: true, untilDueMs: 0, sinceTryMs: 5_000 },
    10_000,
  ],
  ["follows a change by somebody else", { isTouched: true }, 0],
  ["follows a change by somebody else after the minimal time", { isTouched: true, sinceTryMs: 14_000 }, 1_000],
  [
    "counts the rounds of another process",
    { untilDueMs: 0, sinceTryMs: Number.POSITIVE_INFINITY, sinceLastSyncMs: 3_000 },
    12_000,
  ],
  ["takes a time in the future for nothing", { untilDueMs: 0, sinceLastSyncMs: -3_600_000 }, 0],
  ["begins at once with a new token, whatever fails", { hasNewToken: true, isFailing: true, sinceTryMs: 0 }, 0],
  [
    "begins at once without a connection",
    { exists: false, untilDueMs: 100_000, sinceTryMs: Number.POSITIVE_INFINITY },
    0,
  ],
  ["leaves the minimal time between two tries without a connection", { exists: false, sinceTryMs: 5_000 }, 10_000],
  ["waits for the back-off where pairing fails and nothing was written", { exists: false, isFailing: true }, 100_000],
])("a round %s", (_, differs, waitMs) => {
  expect(timeToNextRound({ ...usual, ...differs })).toBe(waitMs);
});
