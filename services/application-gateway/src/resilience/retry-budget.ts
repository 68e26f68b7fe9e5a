const share = 0.1;
const windowMs = 10_000;
const slots = 10;
const slotMs = windowMs / slots;

const firstDelayMs = 50;

/** How long to wait before a call is tried again that was tried again so often already; `random` is below 1. */
export function retryDelayMs(retries: number, random: number): number {
  return firstDelayMs * 2 ** retries * (0.5 + random);
}

/**
 * Keeps retries from making an outage worse: they may be a tenth of the calls of the last ten seconds, and one in any
 * case. Knows no clock: it is told the time.
 */
export class RetryBudget {
  readonly #calls = new Uint32Array(slots);
  readonly #retries = new Uint32Array(slots);
  #slot = 0;

  /** A call begins. */
  called(nowMs: number): void {
    const at = this.#at(nowMs);
    this.#calls[at] = (this.#calls[at] as number) + 1;
  }

  /** Whether a call may be tried again now; if so it is counted. */
  tryAgain(nowMs: number): boolean {
    const at = this.#at(nowMs);
    if (sum(this.#retries) >= Math.max(1, Math.floor(sum(this.#calls) * share))) return false;
    this.#retries[at] = (this.#retries[at] as number) + 1;
    return true;
  }

  /** The slot of the moment, after those that are older than the window were emptied. */
  #at(nowMs: number): number {
    const slot = Math.floor(nowMs / slotMs);
    const passed = Math.min(slots, Math.max(0, slot - this.#slot));
    for (let step = 0; step < passed; step++) {
      this.#calls[(slot - step) % slots] = 0;
      this.#retries[(slot - step) % slots] = 0;
    }
    this.#slot = Math.max(slot, this.#slot);
    return this.#slot % slots;
  }
}

function sum(counts: Uint32Array): number {
  let total = 0;
  for (let i = 0; i < slots; i++) total += counts[i] as number;
  return total;
}
