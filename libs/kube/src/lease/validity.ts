import { uptime } from "node:os";
import type { Clock } from "../clock.ts";

/** A moment on two clocks that never go back. */
export interface Moment {
  process: number;
  machine: number;
}

/**
 * How long something may be relied on that was confirmed at a moment. Time in which the process or the machine stood
 * still counts: the clock of a process stops while its machine sleeps, the machine's uptime does not.
 */
export function createValidity(clock: Clock, lastsMs: number, machineMs: () => number = () => uptime() * 1000) {
  let since: Moment = { process: Number.NEGATIVE_INFINITY, machine: Number.NEGATIVE_INFINITY };
  return {
    now: (): Moment => ({ process: clock.now(), machine: machineMs() }),
    confirm(moment: Moment): void {
      since = moment;
    },
    /** Zero or less when it is over. */
    get leftMs(): number {
      return lastsMs - Math.max(clock.now() - since.process, machineMs() - since.machine);
    },
  };
}
