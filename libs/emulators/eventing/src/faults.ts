/** How the next events are not served: late, with a backend's status, never, or with a broken connection. */
export interface Fault {
  delayMs?: number;
  status?: number;
  hang?: boolean;
  reset?: boolean;
}

export interface Faults {
  fail(fault: Fault, times?: number): void;
  heal(): void;
  /** The fault for the next event, counted down. */
  next(): Fault | undefined;
  list(): (Fault & { times?: number })[];
}

/** Faults queue up: each is used for its number of events, then the next one. */
export function createFaults(): Faults {
  let queue: { fault: Fault; left: number }[] = [];
  return {
    fail(fault, times = Number.POSITIVE_INFINITY) {
      if (times > 0) queue.push({ fault, left: times });
    },
    heal() {
      queue = [];
    },
    next() {
      const [first] = queue;
      if (first === undefined) return undefined;
      first.left -= 1;
      if (first.left <= 0) queue.shift();
      return first.fault;
    },
    list: () => queue.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : { ...fault })),
  };
}
