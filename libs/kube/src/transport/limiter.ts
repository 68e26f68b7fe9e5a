import { type Clock, sleep } from "../clock.ts";

/** A token bucket: `burst` calls at once, then `perSecond`. First come, first served. */
export function createLimiter(clock: Clock, perSecond: number, burst: number) {
  let tokens = burst;
  let filledAt = clock.now();
  return {
    /** Resolves when the call may be made. */
    async take(signal?: AbortSignal): Promise<void> {
      const now = clock.now();
      tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond) - 1;
      filledAt = now;
      if (tokens >= 0) return;
      try {
        await sleep(clock, (-tokens / perSecond) * 1000, signal);
      } catch (aborted) {
        tokens += 1;
        throw aborted;
      }
    },
  };
}

export type Limiter = ReturnType<typeof createLimiter>;
