import type { Clock } from "../clock.ts";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves time on, running what falls due in order. Between two timers, real I/O gets a turn. */
  advance(ms: number): Promise<void>;
  /** How many timers wait: what is left after everything was stopped is a leak. */
  readonly pending: number;
  /** Time until the next timer falls due, or undefined when none waits. */
  readonly nextInMs: number | undefined;
}

export function createManualClock(startMs = 0): ManualClock {
  let now = startMs;
  const timers = new Set<{ dueMs: number; callback: () => void }>();
  const earliest = (untilMs: number) => {
    let found: { dueMs: number; callback: () => void } | undefined;
    for (const timer of timers) {
      if (timer.dueMs <= untilMs && (!found || timer.dueMs < found.dueMs)) found = timer;
    }
    return found;
  };

  return {
    now: () => now,
    setTimeout(callback, ms) {
      const timer = { dueMs: now + Math.max(0, ms), callback };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    async advance(ms) {
      const untilMs = now + ms;
      for (let timer = earliest(untilMs); timer; timer = earliest(untilMs)) {
        timers.delete(timer);
        now = Math.max(now, timer.dueMs);
        timer.callback();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = untilMs;
      await new Promise((resolve) => setImmediate(resolve));
    },
    get pending() {
      return timers.size;
    },
    get nextInMs() {
      const next = earliest(Number.POSITIVE_INFINITY);
      return next === undefined ? undefined : next.dueMs - now;
    },
  };
}
