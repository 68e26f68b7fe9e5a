import { KubeError } from "./kube-error.ts";

export interface Attempt {
  /** The call changes nothing, or doing it twice is the same as once (GET, LIST, server-side apply). */
  repeatable: boolean;
  /** How many times it was tried. */
  tries: number;
  maxTries: number;
}

const firstDelayMs = 100;
/** A server that asks for more patience than this is answered to the caller, who knows whether to wait. */
const longestRetryAfterMs = 30_000;

/** How long to wait before the same call is made again, or undefined when its failure is final. */
export function retryDelay(error: unknown, attempt: Attempt, random: () => number): number | undefined {
  if (!(error instanceof KubeError) || attempt.tries >= attempt.maxTries) return undefined;
  const jitterMs = firstDelayMs * 2 ** (attempt.tries - 1) * (0.5 + random());
  if (error.retryAfterMs !== undefined) {
    // With Retry-After the server says that it did nothing, whatever the method.
    return error.retryAfterMs > longestRetryAfterMs ? undefined : error.retryAfterMs + jitterMs;
  }
  if (error.unsent || (attempt.repeatable && error.isTransient)) return jitterMs;
  return undefined;
}
