import type { Clock } from "../clock.ts";

export interface Scope {
  readonly signal: AbortSignal;
  leave(): void;
}

/**
 * Bounds pieces of work by the caller's signal, by a deadline and by the end of the client.
 * Plain listeners that are removed again: `AbortSignal.any` keeps its sources busy for as long as they live.
 */
export function createScopes(clock: Clock) {
  const open = new Set<AbortController>();
  let closed: Error | undefined;

  return {
    enter(caller: AbortSignal | undefined, deadlineMs?: number, late?: () => Error): Scope {
      const controller = new AbortController();
      if (closed) controller.abort(closed);
      if (caller?.aborted) controller.abort(caller.reason);
      const abort = (): void => controller.abort(caller?.reason);
      caller?.addEventListener("abort", abort, { once: true });
      const timer =
        deadlineMs === undefined ? undefined : clock.setTimeout(() => controller.abort(late?.()), deadlineMs);
      open.add(controller);
      return {
        signal: controller.signal,
        leave() {
          timer?.cancel();
          caller?.removeEventListener("abort", abort);
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
