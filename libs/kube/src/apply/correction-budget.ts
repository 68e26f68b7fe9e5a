import type { Clock } from "../clock.ts";

const mostInARow = 5;
const windowMs = 1_000;
const longestPauseMs = 60_000;
const calmMs = 5 * 60_000;
const rememberedObjects = 20_000;

/** Somebody else keeps changing an object: it is put right again later. */
export class CorrectionPostponedError extends Error {
  override readonly name = "CorrectionPostponedError";
  readonly retryAfterMs: number;

  constructor(what: string, retryAfterMs: number) {
    super(`${what}: somebody else keeps changing it, so that it waits for ${Math.ceil(retryAfterMs)} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}

interface Spent {
  count: number;
  windowAt: number;
  pausedUntil: number;
  pauses: number;
  lastAt: number;
}

/**
 * How often we put right what somebody else keeps changing: five times a second, then with pauses that grow to a minute
 * for as long as it goes on.
 */
export function createCorrectionBudget(clock: Clock) {
  const objects = new Map<string, Spent>();
  return {
    /** Takes one correction; returns how long to wait instead when there is none. */
    take(key: string): number {
      const now = clock.now();
      const old = objects.get(key);
      const spent: Spent =
        old && now - old.lastAt < calmMs ? old : { count: 0, windowAt: now, pausedUntil: now, pauses: 0, lastAt: now };
      objects.delete(key);
      objects.set(key, spent);
      if (objects.size > rememberedObjects) objects.delete(objects.keys().next().value as string);
      if (now < spent.pausedUntil) return spent.pausedUntil - now;
      if (now - spent.windowAt >= windowMs) Object.assign(spent, { windowAt: now, count: 0 });
      if (spent.count < mostInARow) {
        spent.count++;
        spent.lastAt = now;
        return 0;
      }
      const pauseMs = Math.min(longestPauseMs, windowMs * 2 ** spent.pauses);
      spent.pauses++;
      spent.pausedUntil = now + pauseMs;
      return pauseMs;
    },
  };
}
