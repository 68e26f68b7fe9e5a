import type { Clock } from "@application-connector/kube";

/** How long there must be no Application before anything is removed: one that is about to come is not to be lost. */
export const quietMs = 5_000;

/** Remembers, for the object that is being deleted, since when there was nothing in the way. */
export function createQuietPeriod(clock: Clock) {
  let uid: string | undefined;
  let since = 0;
  return {
    /** Something is in the way. */
    disturb: (): void => {
      uid = undefined;
    },
    /** Nothing is in the way; returns how long it still has to stay so. */
    leftMs(of: string): number {
      const now = clock.now();
      if (uid !== of) {
        uid = of;
        since = now;
      }
      return Math.max(0, quietMs - (now - since));
    },
  };
}
