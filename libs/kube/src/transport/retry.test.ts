import { expect, test } from "vitest";
import { KubeError, type KubeErrorOptions } from "./kube-error.ts";
import { retryDelay } from "./retry.ts";

const failed = (options: Partial<KubeErrorOptions>): KubeError =>
  new KubeError("failed", { status: 0, reason: "", ...options });

const lost = failed({ reason: "ConnectionLost" });
const refused = failed({ reason: "Unreachable", unsent: true });
const unavailable = failed({ status: 503 });
const throttled = failed({ status: 429, retryAfterMs: 2_000 });

test.each([
  { title: "a read after a lost connection", error: lost, repeatable: true, delayMs: 100 },
  { title: "a write after a lost connection: it may have arrived", error: lost, repeatable: false, delayMs: undefined },
  { title: "a write that was never sent", error: refused, repeatable: false, delayMs: 100 },
  { title: "a read of an unavailable server", error: unavailable, repeatable: true, delayMs: 100 },
  { title: "a write to an unavailable server", error: unavailable, repeatable: false, delayMs: undefined },
  { title: "a write the server asks to send later", error: throttled, repeatable: false, delayMs: 2_100 },
  {
    title: "a wait of an hour",
    error: failed({ status: 503, retryAfterMs: 3_600_000 }),
    repeatable: true,
    delayMs: undefined,
  },
  { title: "a refusal for good", error: failed({ status: 403 }), repeatable: true, delayMs: undefined },
  { title: "an error of ours", error: new TypeError("bug"), repeatable: true, delayMs: undefined },
])("$title → $delayMs", ({ error, repeatable, delayMs }) => {
  expect(retryDelay(error, { repeatable, tries: 1, maxTries: 3 }, () => 0.5)).toBe(delayMs);
});

test("delays double, and end with the tries", () => {
  const delay = (tries: number) => retryDelay(lost, { repeatable: true, tries, maxTries: 3 }, () => 0.5);
  expect([delay(1), delay(2), delay(3)]).toEqual([100, 200, undefined]);
});
