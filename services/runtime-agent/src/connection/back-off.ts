/** How long a failing side of UCL is left alone: twice as long with each failure, with full jitter. */
export interface BackOff {
  /** @param atLeastMs what the other side has asked for */
  failed(atLeastMs?: number): void;
  succeeded(): void;
  readonly leftMs: number;
  readonly failures: number;
}

const baseMs = 5_000;
const capMs = 600_000;

export function createBackOff(
  now: () => number,
  random: () => number = Math.random,
  firstMs: number = baseMs,
): BackOff {
  let failures = 0;
  let untilMs = 0;
  return {
    failed(atLeastMs = 0) {
      const longestMs = Math.min(capMs, firstMs * 2 ** Math.min(failures, 20));
      failures += 1;
      untilMs = now() + Math.max(random() * longestMs, Math.min(atLeastMs, capMs));
    },
    succeeded() {
      failures = 0;
      untilMs = 0;
    },
    get leftMs() {
      return Math.max(0, untilMs - now());
    },
    get failures() {
      return failures;
    },
  };
}
