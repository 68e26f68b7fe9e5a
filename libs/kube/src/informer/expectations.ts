import type { Clock } from "../clock.ts";

const rememberedVersions = 512;
const patienceMs = 1_000;

/**
 * Read your writes: lets a writer wait until the cache has seen what it wrote. Versions are compared for equality only.
 */
export function createExpectations(clock: Clock) {
  // The event of a write may come before the answer to the write, and be followed by another one.
  const recent = new Set<string>();
  const waiting = new Map<string, Set<(seen: boolean) => void>>();
  const versionOf = (key: string, resourceVersion: string): string => `${key}\n${resourceVersion}`;
  const settle = (id: string): void => {
    for (const resolve of waiting.get(id) ?? []) resolve(true);
    waiting.delete(id);
  };

  return {
    seen(key: string, resourceVersion: string): void {
      const id = versionOf(key, resourceVersion);
      recent.add(id);
      if (recent.size > rememberedVersions) recent.delete(recent.values().next().value as string);
      settle(id);
    },
    /** A delete or a relist overtakes every version of the key. */
    overtaken(key: string): void {
      for (const id of waiting.keys()) if (id.startsWith(`${key}\n`)) settle(id);
    },
    wait(key: string, resourceVersion: string): Promise<boolean> {
      const id = versionOf(key, resourceVersion);
      if (recent.has(id)) return Promise.resolve(true);
      return new Promise((resolve) => {
        const waiters = waiting.get(id) ?? new Set();
        waiting.set(id, waiters);
        const finish = (seen: boolean): void => {
          timer.cancel();
          waiters.delete(finish);
          if (waiters.size === 0) waiting.delete(id);
          resolve(seen);
        };
        const timer = clock.setTimeout(() => finish(false), patienceMs);
        waiters.add(finish);
      });
    },
  };
}
