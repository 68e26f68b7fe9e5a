import type { KubeObject } from "../objects.ts";
import { Entry } from "./entry.ts";
import { History, type StoreEvent } from "./history.ts";

interface Collection {
  entries: Map<string, Entry>;
  /** Sorted by key; made when first asked for after a change of the keys. */
  sorted: readonly Entry[] | undefined;
}

/** All objects, one sequence of revisions over all of them, and who wants to know of changes. */
export class Store {
  readonly #collections = new Map<string, Collection>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  readonly #now: () => number;
  #revision: number;
  readonly history: History;

  constructor(now: () => number, firstRevision = 1) {
    this.#now = now;
    this.#revision = firstRevision;
    this.history = new History(firstRevision);
  }

  get revision(): number {
    return this.#revision;
  }

  get(collection: string, key: string): Entry | undefined {
    return this.#collections.get(collection)?.entries.get(key);
  }

  /** All objects of a collection, or of one namespace in it, in the order of their keys. */
  list(collection: string, namespace?: string): readonly Entry[] {
    const found = this.#collections.get(collection);
    if (!found) return [];
    found.sorted ??= [...found.entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    return namespace ? inNamespace(found.sorted, namespace) : found.sorted;
  }

  /** The same as it was at an earlier revision; undefined when that is forgotten. */
  listAt(collection: string, revision: number, namespace?: string): readonly Entry[] | undefined {
    if (revision >= this.#revision) return this.list(collection, namespace);
    const later = this.history.since(revision);
    if (!later) return undefined;
    const entries = new Map(this.#collections.get(collection)?.entries);
    for (const event of later.toReversed()) {
      if (event.collection !== collection) continue;
      if (event.previous) entries.set(event.previous.key, event.previous);
      else entries.delete(event.entry.key);
    }
    const sorted = [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    return namespace ? inNamespace(sorted, namespace) : sorted;
  }

  /** Stores a new version of an object, which from now on belongs to the store. */
  put(collection: string, key: string, object: KubeObject): Entry {
    this.#revision += 1;
    object.metadata.resourceVersion = String(this.#revision);
    const entry = new Entry(key, object, this.#revision);
    const target = this.#collection(collection);
    const previous = target.entries.get(key);
    target.entries.set(key, entry);
    target.sorted = undefined;
    this.#announce({ type: previous ? "MODIFIED" : "ADDED", collection, entry, previous });
    return entry;
  }

  /** Removes an object; `last` is its last state when that differs from what is stored. */
  remove(collection: string, key: string, last?: KubeObject): Entry | undefined {
    const target = this.#collections.get(collection);
    const previous = target?.entries.get(key);
    if (!target || !previous) return undefined;
    this.#revision += 1;
    const { metadata, ...rest } = last ?? previous.object;
    const object = { ...rest, metadata: { ...metadata, resourceVersion: String(this.#revision) } } as KubeObject;
    const entry = new Entry(key, object, this.#revision);
    target.entries.delete(key);
    target.sorted = undefined;
    this.#announce({ type: "DELETED", collection, entry, previous });
    return entry;
  }

  /** Every write from now on, in order. Listeners must not write to the store themselves. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets the changes up to now: whoever asks for an older revision is told that it is gone. */
  compact(): void {
    this.history.compact(this.#revision);
  }

  #collection(name: string): Collection {
    let collection = this.#collections.get(name);
    if (!collection) {
      collection = { entries: new Map(), sorted: undefined };
      this.#collections.set(name, collection);
    }
    return collection;
  }

  #announce(change: Omit<StoreEvent, "revision" | "at">): void {
    const event = { ...change, revision: this.#revision, at: this.#now() };
    this.history.add(event);
    for (const listener of this.#listeners) listener(event);
  }
}

function inNamespace(sorted: readonly Entry[], namespace: string): readonly Entry[] {
  return sorted.filter(({ object }) => object.metadata.namespace === namespace);
}
