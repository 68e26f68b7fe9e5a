/** What decides when the next round of calls to UCL may and should begin. Times in milliseconds. */
export interface Situation {
  /** There is a one-time token that nobody has tried to use yet. */
  readonly hasNewToken: boolean;
  /** Since this process last called UCL. */
  readonly sinceTryMs: number;
  /** Since `connectionStatus.lastSync`, which another process may have written. */
  readonly sinceLastSyncMs: number;
  readonly exists: boolean;
  /** `resyncNow` is set. */
  readonly isAsked: boolean;
  /** Somebody else than this process has written the connection since the last round. */
  readonly isTouched: boolean;
  /** The last round failed. */
  readonly isFailing: boolean;
  /** Until the next round is due by itself: the sync period, or what is left of the back-off. */
  readonly untilDueMs: number;
  readonly minimalMs: number;
}

/** How long to wait for the next round; 0 to begin. */
export function timeToNextRound(situation: Situation): number {
  const { minimalMs, sinceTryMs, sinceLastSyncMs, untilDueMs, isFailing } = situation;
  // Clocks of two machines differ: a time in the future says nothing.
  const sinceMs = Math.min(sinceTryMs, sinceLastSyncMs < 0 ? Number.POSITIVE_INFINITY : sinceLastSyncMs);
  const gapMs = Math.max(0, minimalMs - sinceMs);
  if (situation.hasNewToken) return 0;
  if (!situation.exists) return isFailing ? Math.max(gapMs, untilDueMs) : Math.max(0, minimalMs - sinceTryMs);
  if (situation.isAsked && !isFailing) return 0;
  if (situation.isTouched) return gapMs;
  return Math.max(gapMs, untilDueMs);
}
