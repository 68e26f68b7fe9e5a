import type { Informer } from "./informer.ts";

/** What can be read from several informers of one kind, one per namespace. */
export type CombinedInformer<T> = Pick<
  Informer<T>,
  "get" | "list" | "byIndex" | "subscribe" | "hasSynced" | "waitForSync" | "stalenessMs" | "stop"
>;

/** Joins informers of several namespaces, where one of the whole cluster is not allowed. Synced when all are. */
export function combineInformers<T>(parts: readonly Informer<T>[]): CombinedInformer<T> {
  return {
    get(name, namespace) {
      for (const part of parts) {
        const found = part.get(name, namespace);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    list: (namespace, labels) => parts.flatMap((part) => part.list(namespace, labels)),
    byIndex: (index, value) => parts.flatMap((part) => part.byIndex(index, value)),
    subscribe(handler) {
      const ends = parts.map((part) => part.subscribe(handler));
      return () => {
        for (const end of ends) end();
      };
    },
    get hasSynced() {
      return parts.every((part) => part.hasSynced);
    },
    async waitForSync(signal) {
      await Promise.all(parts.map((part) => part.waitForSync(signal)));
    },
    /** The oldest of all. */
    get stalenessMs() {
      return Math.max(0, ...parts.map((part) => part.stalenessMs));
    },
    async stop() {
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}
