import type { LookupAddress } from "node:dns";

/** How long an address that took no connection comes after the others. */
const setAsideMs = 30_000;
const mostKnown = 64;

/**
 * The addresses of one target that lately took no connection, or failed in its handshake. They are tried last and never
 * left out: where all of them fail it is as if nothing were known.
 */
export class FailingAddresses {
  /** Until when, by address; the oldest failure first. */
  readonly #until = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  failed(address: string | undefined): void {
    if (address === undefined) return;
    this.#until.delete(address);
    this.#until.set(address, this.#now() + setAsideMs);
    const [oldest] = this.#until.keys();
    if (this.#until.size > mostKnown && oldest !== undefined) this.#until.delete(oldest);
  }

  works(address: string | undefined): void {
    if (address !== undefined) this.#until.delete(address);
  }

  /** Both parts in their given order. */
  last(found: LookupAddress[]): LookupAddress[] {
    if (this.#until.size === 0) return found;
    const now = this.#now();
    const fails = ({ address }: LookupAddress): boolean => (this.#until.get(address) ?? 0) > now;
    return [...found.filter((one) => !fails(one)), ...found.filter(fails)];
  }
}
