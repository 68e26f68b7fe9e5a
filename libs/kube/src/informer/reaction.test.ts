import { expect, test } from "vitest";
import { KubeError, type KubeErrorOptions } from "../transport/kube-error.ts";
import { backoffDelay, degradedDelay, probeDelay, rewatchDelay } from "./backoff.ts";
import { react } from "./reaction.ts";

const error = (options: Partial<KubeErrorOptions>): KubeError =>
  new KubeError("failed", { status: 0, reason: "", ...options });

const watch = { during: "watch", livedMs: 5_000 } as const;
const list = { during: "list", livedMs: 0 } as const;

test.each([
  { stimulus: "a clean end", outcome: watch, reaction: { next: "watch", pace: "at once" } },
  { stimulus: "an end at once", outcome: { ...watch, livedMs: 10 }, reaction: { next: "watch", pace: "backoff" } },
  {
    stimulus: "410",
    outcome: { ...watch, error: error({ status: 410 }) },
    reaction: { next: "list", pace: "at once", consistent: true },
  },
  {
    stimulus: "410 to a list",
    outcome: { ...list, error: error({ status: 410 }) },
    reaction: { next: "list", pace: "backoff", consistent: true },
  },
  {
    stimulus: "a version from the future",
    outcome: { ...watch, error: error({ status: 504, details: { causes: [{ reason: "ResourceVersionTooLarge" }] } }) },
    reaction: { next: "list", pace: "at once", consistent: true },
  },
  {
    stimulus: "403 to a watch",
    outcome: { ...watch, error: error({ status: 403 }) },
    reaction: { next: "watch", pace: "degraded" },
  },
  {
    stimulus: "403 to a list",
    outcome: { ...list, error: error({ status: 403 }) },
    reaction: { next: "list", pace: "degraded" },
  },
  {
    stimulus: "404",
    outcome: { ...watch, error: error({ status: 404 }) },
    reaction: { next: "list", pace: "degraded" },
  },
  {
    stimulus: "401",
    outcome: { ...watch, error: error({ status: 401 }) },
    reaction: { next: "watch", pace: "backoff" },
  },
  {
    stimulus: "503",
    outcome: { ...watch, error: error({ status: 503 }) },
    reaction: { next: "watch", pace: "backoff" },
  },
  {
    stimulus: "429 with Retry-After",
    outcome: { ...list, error: error({ status: 429, retryAfterMs: 2_000 }) },
    reaction: { next: "list", pace: "backoff", atLeastMs: 2_000 },
  },
  {
    stimulus: "a refused connection",
    outcome: { ...watch, error: error({ reason: "Unreachable" }) },
    reaction: { next: "watch", pace: "probe" },
  },
  {
    stimulus: "a connection that broke",
    outcome: { ...watch, error: error({ reason: "ConnectionLost" }) },
    reaction: { next: "watch", pace: "probe" },
  },
  {
    stimulus: "a connection that always breaks at once",
    outcome: { ...watch, livedMs: 10, error: error({ reason: "ConnectionLost" }) },
    reaction: { next: "watch", pace: "backoff" },
  },
  {
    stimulus: "silence",
    outcome: { ...watch, error: error({ reason: "Silent" }) },
    reaction: { next: "watch", pace: "probe" },
  },
  {
    stimulus: "a bug of ours",
    outcome: { ...watch, error: new TypeError() },
    reaction: { next: "watch", pace: "backoff", cause: "internal" },
  },
])("$stimulus → $reaction.next, $reaction.pace", ({ outcome, reaction }) => {
  expect(react(outcome)).toMatchObject(reaction);
});

test("backoff doubles from 0.8 s to 30 s with full jitter", () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 100].map((failures) => backoffDelay(failures, () => 1));
  expect(longest).toEqual([800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
  expect(backoffDelay(5, () => 0)).toBe(0);
});

test("what a person repairs is looked at every two seconds for minutes, then every half a minute", () => {
  expect(degradedDelay(10, () => 1)).toBe(2_000);
  expect(degradedDelay(199, () => 1)).toBe(2_000);
  expect(degradedDelay(200, () => 1)).toBe(30_000);
});

test("an absent server is looked for more than once a second, a planned end is followed within 300 ms", () => {
  expect(probeDelay(() => 1)).toBeLessThan(1_000);
  expect(probeDelay(() => 0)).toBeGreaterThan(100);
  expect(rewatchDelay(() => 1)).toBeLessThanOrEqual(300);
});
