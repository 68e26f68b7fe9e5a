import type { Clock, Timer } from "../clock.ts";
import type { Guard } from "../transport/guard.ts";
import { createValidity, type Moment } from "./validity.ts";

/** We led and do so no longer: whatever is under way must not be written any more. */
export class LeadershipLostError extends Error {
  override readonly name = "LeadershipLostError";
}

/** The right to do what only one may do: hand it to `client.guarded`, and its signal to whatever runs under it. */
export interface Leadership extends Guard {
  /** Aborts with the reason when it is lost or given back. */
  readonly signal: AbortSignal;
}

/** Leadership from within: confirmed by each renewal, lost when none arrives in time. */
export interface Term extends Leadership {
  now(): Moment;
  /** Counts from before the request was sent: the others may have seen it from then on. */
  confirm(since: Moment): void;
  end(reason: Error): void;
}

export function createTerm(clock: Clock, deadlineMs: number): Term {
  const controller = new AbortController();
  const validity = createValidity(clock, deadlineMs);
  let timer: Timer | undefined;

  const end = (reason: Error): void => {
    timer?.cancel();
    controller.abort(reason);
  };
  const isOver = (): boolean => {
    if (validity.leftMs <= 0) end(new LeadershipLostError(`the lease was not renewed for ${deadlineMs} ms`));
    return controller.signal.aborted;
  };
  const watch = (): void => {
    timer?.cancel();
    if (!isOver()) timer = clock.setTimeout(watch, validity.leftMs);
  };

  return {
    signal: controller.signal,
    // Not by the timer alone: after a standstill other callbacks may run before it does.
    check() {
      if (isOver()) throw controller.signal.reason;
    },
    now: validity.now,
    confirm(since) {
      validity.confirm(since);
      watch();
    },
    end,
  };
}
