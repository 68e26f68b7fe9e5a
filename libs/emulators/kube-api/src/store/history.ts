import type { Entry } from "./entry.ts";

export type EventType = "ADDED" | "MODIFIED" | "DELETED";

/** One change of the store. */
export interface StoreEvent {
  type: EventType;
  collection: string;
  revision: number;
  /** The object after the change; for a deletion the last state, with the revision of the deletion. */
  entry: Entry;
  previous: Entry | undefined;
  at: number;
}

const maxEvents = 10_000;
const maxAgeMs = 5 * 60_000;

/** The recent changes, so that watches can resume and paged lists stay consistent. Bounded by number and age. */
export class History {
  #events: StoreEvent[] = [];
  /** Changes up to and including this revision are forgotten. */
  #compactedTo: number;

  constructor(revision: number) {
    this.#compactedTo = revision;
  }

  get compactedTo(): number {
    return this.#compactedTo;
  }

  add(event: StoreEvent): void {
    this.#events.push(event);
    // Dropped in batches: shifting an array of ten thousand for every write would cost more than the write.
    if (this.#events.length > maxEvents * 1.1) this.#forget(this.#events.length - maxEvents);
    const oldest = this.#events[0];
    if (oldest && event.at - oldest.at > maxAgeMs * 1.1) {
      const kept = this.#events.findIndex(({ at }) => event.at - at <= maxAgeMs);
      this.#forget(kept);
    }
  }

  #forget(count: number): void {
    const last = this.#events[count - 1];
    if (!last) return;
    this.#compactedTo = last.revision;
    this.#events = this.#events.slice(count);
  }

  compact(revision: number): void {
    const kept = this.#indexAfter(revision);
    this.#events = this.#events.slice(kept);
    this.#compactedTo = Math.max(this.#compactedTo, revision);
  }

  /** Changes later than `revision`, oldest first; undefined when some of them are forgotten. */
  since(revision: number): readonly StoreEvent[] | undefined {
    if (revision < this.#compactedTo) return undefined;
    return this.#events.slice(this.#indexAfter(revision));
  }

  #indexAfter(revision: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle] as StoreEvent).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
