import type { Clock } from "../clock.ts";

export interface RetryOptions {
  /** The first pause after a failure (5 ms); doubles with each further one. */
  firstMs?: number | undefined;
  /** The longest pause (5 min). */
  longestMs?: number | undefined;
  /** How many retries there are of all keys together: so many at once (100), then so many a second (10). */
  burst?: number | undefined;
  perSecond?: number | undefined;
}

const jitter = 0.1;

/** How long each key waits before it is tried again: exponentially longer, and never too many of all. */
export function createRetryDelays(clock: Clock, random: () => number, options: RetryOptions = {}) {
  const { firstMs = 5, longestMs = 300_000, burst = 100, perSecond = 10 } = options;
  const failures = new Map<string, number>();
  let tokens = burst;
  let filledAt = clock.now();

  const reserve = (): number => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond) - 1;
    filledAt = now;
    return tokens >= 0 ? 0 : (-tokens / perSecond) * 1000;
  };

  return {
    next(key: string): number {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      const ownMs = Math.min(longestMs, firstMs * 2 ** Math.min(count, 50)) * (1 + jitter * random());
      return Math.max(ownMs, reserve());
    },
    failures: (key: string): number => failures.get(key) ?? 0,
    forget: (key: string): void => void failures.delete(key),
  };
}
