import type { KubeObject } from "../resources/types.ts";
import { keyOf } from "./object.ts";

export type Indexers<T> = Record<string, (object: T) => string[]>;

/** A difference between what the store held and what it holds now. */
export type Change<T> =
  | { type: "add"; now: T }
  | { type: "update"; old: T; now: T }
  | { type: "delete"; old: T; tombstone: boolean };

type Index<T> = Map<string, Map<string, T>>;

const byNamespace = "namespace";

/**
 * Objects by key, with indexes that are right whenever the store is.
 *
 * @param onIndexerError hears of an indexer that threw; the object is then in the store, but not in that index
 */
export function createStore<T>(onIndexerError: (index: string, error: unknown) => void = () => {}) {
  let objects = new Map<string, T>();
  const indexers: Indexers<T> = { [byNamespace]: (object) => [metadata(object).namespace ?? ""] };
  const valuesOf = (name: string, object: T): string[] => {
    try {
      return indexers[name]?.(object) ?? [];
    } catch (error) {
      onIndexerError(name, error);
      return [];
    }
  };
  let indexes: Record<string, Index<T>> = { [byNamespace]: new Map() };

  const insert = (into: Record<string, Index<T>>, key: string, object: T): void => {
    for (const [name, index] of Object.entries(into)) addTo(index, valuesOf(name, object), key, object);
  };
  const remove = (key: string, object: T): void => {
    for (const [name, index] of Object.entries(indexes)) removeFrom(index, valuesOf(name, object), key);
  };

  return {
    get: (key: string): T | undefined => objects.get(key),
    get size(): number {
      return objects.size;
    },
    values: (): T[] => [...objects.values()],
    keys: (): IterableIterator<string> => objects.keys(),
    inNamespace: (namespace: string): T[] => [...(indexes[byNamespace]?.get(namespace)?.values() ?? [])],
    byIndex(index: string, value: string): T[] {
      const found = indexes[index];
      if (!found) throw new Error(`there is no index "${index}"`);
      return [...(found.get(value)?.values() ?? [])];
    },
    addIndexers(added: Indexers<T>): void {
      for (const [name, indexer] of Object.entries(added)) {
        if (indexers[name] === indexer) continue;
        if (indexers[name]) throw new Error(`another index is already called "${name}"`);
        const index: Index<T> = new Map();
        indexers[name] = indexer;
        for (const [key, object] of objects) addTo(index, valuesOf(name, object), key, object);
        indexes[name] = index;
      }
    },
    put(key: string, now: T): Change<T> | undefined {
      const old = objects.get(key);
      if (old !== undefined && metadata(old).resourceVersion === metadata(now).resourceVersion) return undefined;
      if (old !== undefined) remove(key, old);
      objects.set(key, now);
      insert(indexes, key, now);
      return old === undefined ? { type: "add", now } : { type: "update", old, now };
    },
    delete(key: string): Change<T> | undefined {
      const old = objects.get(key);
      if (old === undefined) return undefined;
      objects.delete(key);
      remove(key, old);
      return { type: "delete", old, tombstone: false };
    },
    /** Puts the result of a whole list in the place of everything, at once; tells what that changed. */
    swap(next: Map<string, T>): Change<T>[] {
      const changes: Change<T>[] = [];
      const fresh = Object.fromEntries(Object.keys(indexers).map((name) => [name, new Map()])) as Record<
        string,
        Index<T>
      >;
      for (const [key, now] of next) {
        const old = objects.get(key);
        if (old === undefined) changes.push({ type: "add", now });
        else if (metadata(old).resourceVersion !== metadata(now).resourceVersion)
          changes.push({ type: "update", old, now });
        // What did not change stays the same object, which readers may compare by identity.
        else next.set(key, old);
        insert(fresh, key, next.get(key) as T);
      }
      for (const [key, old] of objects) if (!next.has(key)) changes.push({ type: "delete", old, tombstone: true });
      objects = next;
      indexes = fresh;
      return changes;
    },
  };
}

export type Store<T> = ReturnType<typeof createStore<T>>;

export const metadata = (object: unknown): KubeObject["metadata"] => (object as KubeObject).metadata;

export const keyOfObject = (object: unknown): string => keyOf(metadata(object).name, metadata(object).namespace);

function addTo<T>(index: Index<T>, values: string[], key: string, object: T): void {
  for (const value of values) {
    const found = index.get(value);
    if (found) found.set(key, object);
    else index.set(value, new Map([[key, object]]));
  }
}

function removeFrom<T>(index: Index<T>, values: string[], key: string): void {
  for (const value of values) {
    const found = index.get(value);
    found?.delete(key);
    if (found?.size === 0) index.delete(value);
  }
}
