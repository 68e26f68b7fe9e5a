import type { Clock } from "../clock.ts";

export interface Scope {
  readonly signal: AbortSignal;
  leave(): void;
}

/**
 * Bounds pieces of work by the callers' signals, by a deadline and by the end of the client.
 * Plain listeners that are removed again: `AbortSignal.any` keeps its sources busy for as long as they live.
 */
export function createScopes(clock: Clock) {
  const open = new Set<AbortController>();
  let closed: Error | undefined;

  return {
    enter(callers: readonly (AbortSignal | undefined)[], deadlineMs?: number, late?: () => Error): Scope {
      const controller = new AbortController();
      if (closed) controller.abort(closed);
      const abort = (): void => controller.abort(callers.find((caller) => caller?.aborted)?.reason);
      if (callers.some((caller) => caller?.aborted)) abort();
      for (const caller of callers) caller?.addEventListener("abort", abort, { once: true });
      const timer =
        deadlineMs === undefined ? undefined : clock.setTimeout(() => controller.abort(late?.()), deadlineMs);
      open.add(controller);
      return {
        signal: controller.signal,
        leave() {
          timer?.cancel();
          for (const caller of callers) caller?.removeEventListener("abort", abort);
          open.delete(controller);
        },
      };
    },
    /** Aborts everything that runs and whatever may still begin. */
    close(reason: Error): void {
      closed = reason;
      for (const controller of open) controller.abort(reason);
    },
  };
}
