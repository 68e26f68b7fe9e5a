import type { Clock } from "../clock.ts";
import { KubeError } from "../transport/kube-error.ts";

export interface Watchdog {
  /** Aborts after silence, or when the informer stops. */
  readonly signal: AbortSignal;
  /** How long silence may last; may be raised while it runs. */
  patienceMs: number;
  feed(): void;
  end(): void;
}

/**
 * Ends a watch on which nothing arrives. A connection whose other end vanished without a word never reports it, and
 * bookmarks come about once a minute from a server that lives.
 */
export function createWatchdog(clock: Clock, stop: AbortSignal, patienceMs: number): Watchdog {
  const controller = new AbortController();
  const onStop = (): void => controller.abort(stop.reason);
  if (stop.aborted) onStop();
  stop.addEventListener("abort", onStop, { once: true });

  let fedAt = clock.now();
  // One timer that looks again, instead of one that is set back with every chunk.
  const look = (): void => {
    const leftMs = watchdog.patienceMs - (clock.now() - fedAt);
    if (leftMs > 0) {
      timer = clock.setTimeout(look, leftMs);
      return;
    }
    const message = `nothing arrived on the watch for ${Math.round(watchdog.patienceMs / 1000)} s`;
    controller.abort(new KubeError(message, { status: 0, reason: "Silent" }));
  };
  let timer = clock.setTimeout(look, patienceMs);

  const watchdog: Watchdog = {
    patienceMs,
    signal: controller.signal,
    feed(): void {
      fedAt = clock.now();
    },
    end(): void {
      timer.cancel();
      stop.removeEventListener("abort", onStop);
    },
  };
  return watchdog;
}
