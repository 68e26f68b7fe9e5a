import type { Clock } from "../clock.ts";
import type { Lease } from "../resources/types.ts";

/**
 * Since when a lease has not been renewed, by our own clock alone: the times in it are those of somebody else's clock,
 * which may be hours away from ours.
 */
export function createObservation(clock: Clock, durationMs: number) {
  let record = "";
  let sinceMs = Number.NEGATIVE_INFINITY;
  let holder: string | undefined;
  let lastsMs = durationMs;

  return {
    get holder(): string | undefined {
      return holder;
    },
    see({ spec = {} }: Lease): void {
      const seen = JSON.stringify(spec);
      if (seen === record) return;
      record = seen;
      sinceMs = clock.now();
      holder = spec.holderIdentity || undefined;
      lastsMs = spec.leaseDurationSeconds ? spec.leaseDurationSeconds * 1000 : durationMs;
    },
    /** How long its holder still has; zero or less when anybody may take it. */
    get leftMs(): number {
      return holder === undefined ? 0 : sinceMs + lastsMs - clock.now();
    },
  };
}
