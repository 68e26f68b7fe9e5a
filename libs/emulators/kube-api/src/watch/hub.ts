import type { Store } from "../store/store.ts";
import type { WatchStream } from "./stream.ts";

/** All open watches; every change goes to those of its collection, within the write that made it. */
export class WatchHub {
  readonly #streams = new Map<string, Set<WatchStream>>();

  constructor(store: Store) {
    store.subscribe((event) => {
      for (const stream of this.#streams.get(event.collection) ?? []) stream.onChange(event);
    });
  }

  add(stream: WatchStream): () => void {
    const { collection } = stream.kind;
    const streams = this.#streams.get(collection) ?? new Set();
    this.#streams.set(collection, streams.add(stream));
    return () => streams.delete(stream);
  }

  *all(): IterableIterator<WatchStream> {
    for (const streams of this.#streams.values()) yield* streams;
  }
}
