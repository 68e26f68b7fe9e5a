import { Problem } from "@application-connector/problem";

export interface FetchLanesOptions {
  /** Of one lane, that run at the same time. */
  readonly parallel: number;
  /** Of one lane, that wait until fewer run; more are refused. */
  readonly waiting: number;
  /** How long one may wait. */
  readonly waitMs: number;
}

interface Lane {
  running: number;
  readonly queue: Set<() => void>;
}

/**
 * Bounds the requests to each server that gives tokens: a thousand users who come at once must not take it down, nor open a
 * thousand connections. Lanes don't wait for one another.
 */
export class FetchLanes {
  readonly #options: FetchLanesOptions;
  readonly #lanes = new Map<string, Lane>();

  constructor(options: FetchLanesOptions) {
    this.#options = options;
  }

  /** Lanes in which something runs. */
  get size(): number {
    return this.#lanes.size;
  }

  /** Fetches when it is its turn. Rejects with OVERLOADED where that does not come. */
  async run<T>(name: string, fetch: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(name) ?? { running: 0, queue: new Set() };
    this.#lanes.set(name, lane);
    if (lane.running < this.#options.parallel) lane.running++;
    else await this.#turn(name, lane);
    try {
      return await fetch();
    } finally {
      this.#leave(name, lane);
    }
  }

  /** Whoever leaves hands his place on. */
  #turn(name: string, { queue }: Lane): Promise<void> {
    const { waiting, waitMs } = this.#options;
    const refusal = () => new Problem("OVERLOADED", `too many requests wait for ${name}`);
    if (queue.size >= waiting) return Promise.reject(refusal());
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        queue.delete(enter);
        reject(refusal());
      }, waitMs).unref();
      queue.add(enter);
    });
  }

  #leave(name: string, lane: Lane): void {
    const [next] = lane.queue;
    if (next !== undefined) {
      lane.queue.delete(next);
      next();
      return;
    }
    lane.running--;
    if (lane.running === 0) this.#lanes.delete(name);
  }
}
