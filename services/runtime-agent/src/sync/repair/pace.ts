const calmMs = 5 * 60_000;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
const remembered = 1_000;

/** How soon an Application is put right: at once, and after growing pauses where somebody keeps changing it. */
export function createPace(now: () => number = () => performance.now()) {
  const repairs = new Map<string, { count: number; atMs: number }>();
  return {
    delay(name: string): number {
      const past = repairs.get(name);
      if (past === undefined || now() - past.atMs > calmMs || past.count < 3) return 0;
      return Math.min(longestPauseMs, firstPauseMs * 2 ** (past.count - 3));
    },
    took(name: string): void {
      const past = repairs.get(name);
      const isCalm = past === undefined || now() - past.atMs > calmMs;
      repairs.delete(name);
      repairs.set(name, { count: isCalm ? 1 : past.count + 1, atMs: now() });
      if (repairs.size > remembered) repairs.delete(repairs.keys().next().value as string);
    },
  };
}
