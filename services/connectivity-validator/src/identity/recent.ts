/**
 * A bounded memory of what texts turned out to mean. Two generations stand in for a least-recently-used list: a hit in
 * the young one writes nothing, and what nobody asked for during a whole generation is forgotten.
 */
export interface Recent<V> {
  get(text: string): V | undefined;
  set(text: string, value: V): void;
  readonly size: number;
}

export interface RecentLimits {
  readonly maxEntries: number;
  /** Of all remembered texts together, so that long ones cannot take the memory of many. */
  readonly maxCharacters: number;
}

export function createRecent<V>({ maxEntries, maxCharacters }: RecentLimits): Recent<V> {
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  let characters = 0;

  const remember = (text: string, value: V) => {
    if (text.length > maxCharacters / 2) return;
    if (young.size + 1 > maxEntries / 2 || characters + text.length > maxCharacters / 2) {
      old = young;
      young = new Map();
      characters = 0;
    }
    young.set(text, value);
    characters += text.length;
  };

  return {
    get(text) {
      const value = young.get(text);
      if (value !== undefined) return value;
      const older = old.get(text);
      if (older !== undefined) {
        old.delete(text);
        remember(ownCopy(text), older);
      }
      return older;
    },
    set(text, value) {
      remember(ownCopy(text), value);
    },
    get size() {
      return young.size + old.size;
    },
  };
}

/** A text cut out of a request keeps all of that request's bytes alive; a copy does not. */
const ownCopy = (text: string): string => Buffer.from(text, "latin1").toString("latin1");
