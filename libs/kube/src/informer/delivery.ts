import type { Change } from "./store.ts";

/** What a reader wants to be told. May return a promise, which nobody waits for but `stop()`. */
export interface Handler<T> {
  add?(now: T): void | Promise<void>;
  update?(old: T, now: T): void | Promise<void>;
  /** @param tombstone true when the delete was missed, so that `old` is only the last state we know */
  delete?(old: T, tombstone: boolean): void | Promise<void>;
}

/** Calls handlers in order of subscription. What one throws or rejects reaches neither the others nor the watch. */
export function createDelivery<T>(onError: (error: unknown) => void) {
  let handlers: readonly Handler<T>[] = [];
  const running = new Set<Promise<void>>();

  const call = (action: () => void | Promise<void>): void => {
    try {
      const result = action();
      if (!(result instanceof Promise)) return;
      const settled = result.catch(onError).finally(() => running.delete(settled));
      running.add(settled);
    } catch (error) {
      onError(error);
    }
  };
  const tell = (handler: Handler<T>, change: Change<T>): void => {
    if (change.type === "add") call(() => handler.add?.(change.now));
    else if (change.type === "update") call(() => handler.update?.(change.old, change.now));
    else call(() => handler.delete?.(change.old, change.tombstone));
  };

  return {
    subscribe(handler: Handler<T>, current: readonly T[]): () => void {
      handlers = [...handlers, handler];
      for (const now of current) tell(handler, { type: "add", now });
      return () => {
        handlers = handlers.filter((other) => other !== handler);
      };
    },
    deliver(changes: readonly Change<T>[]): void {
      // Whoever subscribes meanwhile gets the store as it is after all these changes, so none of them again.
      const listening = handlers;
      for (const change of changes) for (const handler of listening) tell(handler, change);
    },
    /** Resolves when no handler runs any more. */
    async settled(): Promise<void> {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
