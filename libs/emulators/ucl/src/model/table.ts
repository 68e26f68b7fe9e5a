interface Entity {
  id: string;
}

/** Records by id, and by the id of what they belong to. Both are kept in step, so that nothing is searched for. */
export interface Table<T extends Entity> {
  readonly size: number;
  get(id: string): T | undefined;
  values(): Iterable<T>;
  /** Those that belong to an owner, in the order of their ids. */
  of(owner: string): readonly T[];
  add(record: T): T;
  delete(id: string): T | undefined;
  clear(): void;
}

export function createTable<T extends Entity>(ownersOf: (record: T) => readonly string[]): Table<T> {
  const records = new Map<string, T>();
  const byOwner = new Map<string, { ids: Set<string>; sorted: readonly T[] | undefined }>();

  function change(record: T, apply: (ids: Set<string>) => void): void {
    for (const owner of ownersOf(record)) {
      const entry = byOwner.get(owner) ?? { ids: new Set<string>(), sorted: undefined };
      apply(entry.ids);
      entry.sorted = undefined;
      if (entry.ids.size === 0) byOwner.delete(owner);
      else byOwner.set(owner, entry);
    }
  }

  return {
    get size() {
      return records.size;
    },
    get: (id) => records.get(id),
    values: () => records.values(),
    of(owner) {
      const entry = byOwner.get(owner);
      if (entry === undefined) return [];
      entry.sorted ??= [...entry.ids].sort().map((id) => records.get(id) as T);
      return entry.sorted;
    },
    add(record) {
      records.set(record.id, record);
      change(record, (ids) => ids.add(record.id));
      return record;
    },
    delete(id) {
      const record = records.get(id);
      if (record === undefined) return undefined;
      records.delete(id);
      change(record, (ids) => ids.delete(id));
      return record;
    },
    clear() {
      records.clear();
      byOwner.clear();
    },
  };
}
