import { setTimeout as sleep } from "node:timers/promises";
import { KubeError } from "@application-connector/kube";

const mostTries = 4;
const firstPauseMs = 50;
const longestPauseMs = 10_000;

/**
 * Does it, and once more with everything read anew when it failed because somebody else wrote meanwhile, or for a reason
 * that passes. What is done must look at what is there: a try whose answer was lost may have succeeded.
 */
export async function withRetries<T>(work: (isFresh: boolean) => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work(tries > 1);
    } catch (error) {
      const isWorthIt = error instanceof KubeError && (error.isConflict || error.isAlreadyExists || error.isTransient);
      const pauseMs = Math.max(firstPauseMs * 2 ** tries * (0.5 + Math.random()), retryAfterMs(error));
      if (!isWorthIt || tries === mostTries || pauseMs > longestPauseMs) throw error;
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

const retryAfterMs = (error: unknown): number => (error instanceof KubeError && error.retryAfterMs) || 0;
