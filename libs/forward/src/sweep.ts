const tickMs = 100;

/** Something with limits in time. The links belong to the {@link Sweep} that watches it. */
export interface Watched {
  earlier: Watched | undefined;
  later: Watched | undefined;
  /** Called about every 100 ms with {@link Sweep.now}. May remove itself and others. */
  tick(now: number): void;
}

/**
 * One coarse timer for everything in flight: a timer per request costs more than the request's own bookkeeping.
 * Entries form a linked list through themselves, so that neither adding nor removing allocates.
 */
export class Sweep {
  /** Milliseconds on a clock that moves with the ticks; good to about 100 ms. */
  now = 0;
  size = 0;
  #first: Watched | undefined;
  #next: Watched | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tickedAt = 0;

  add(entry: Watched): void {
    entry.later = this.#first;
    if (this.#first !== undefined) this.#first.earlier = entry;
    this.#first = entry;
    this.size += 1;
    if (this.#timer === undefined) this.#start();
  }

  remove(entry: Watched): void {
    if (entry.earlier === undefined && this.#first !== entry) return;
    if (this.#next === entry) this.#next = entry.later;
    if (entry.earlier === undefined) this.#first = entry.later;
    else entry.earlier.later = entry.later;
    if (entry.later !== undefined) entry.later.earlier = entry.earlier;
    entry.earlier = undefined;
    entry.later = undefined;
    this.size -= 1;
  }

  /** The moment that is at least `ms` from now on the ticking clock; a limit of 0 never comes. */
  after(ms: number | undefined): number {
    // The clock may be one tick behind; the extra tick keeps a limit from coming early.
    return ms === undefined || ms <= 0 ? Number.POSITIVE_INFINITY : this.now + ms + tickMs;
  }

  #start(): void {
    this.#tickedAt = performance.now();
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.#timer.unref();
  }

  #tick(): void {
    const real = performance.now();
    // A process that was held up has data waiting in its sockets: it must not take its own pause for silence.
    this.now += Math.min(real - this.#tickedAt, 10 * tickMs);
    this.#tickedAt = real;
    if (this.#first === undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    for (let entry: Watched | undefined = this.#first; entry !== undefined; entry = this.#next) {
      this.#next = entry.later;
      entry.tick(this.now);
    }
  }
}
