import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { KubeMetrics } from "../metrics.ts";
import type { Resource } from "../resources/resource.ts";
import type { Client, Selection } from "../transport/client.ts";
import { createCache, type Quarantined } from "./cache.ts";
import type { Handler } from "./delivery.ts";
import type { Listing } from "./listing.ts";
import { keyOf } from "./object.ts";
import { type InformerState, Reflector } from "./reflector.ts";
import { type Indexers, metadata } from "./store.ts";

export interface InformerOptions<T> extends Selection {
  /** Asks the server for metadata only. */
  metadataOnly?: boolean | undefined;
  /** The field manager whose managedFields are kept, so that an applier knows what is already applied. Others' go. */
  keepManagedFieldsOf?: string | undefined;
  /** Makes objects smaller before they are kept; may change its argument. */
  transform?: ((object: T) => T) | undefined;
  indexers?: Indexers<T> | undefined;
  /** How the first state is read (`stream`). */
  listing?: Listing | undefined;
  pageSize?: number | undefined;
}

/** A local copy of all objects of a kind (in a namespace, with a label…) that follows the server. Objects are frozen. */
export interface Informer<T> {
  get(name: string, namespace?: string): T | undefined;
  list(namespace?: string, labels?: Readonly<Record<string, string>>): readonly T[];
  byIndex(index: string, value: string): readonly T[];
  /** Tells the handler every object there is, then every change. Returns how to end that. */
  subscribe(handler: Handler<T>): () => void;
  /** The first list is complete and every handler has been told. */
  readonly hasSynced: boolean;
  /** Rejects when the signal aborts or the informer stops first. */
  waitForSync(signal?: AbortSignal): Promise<void>;
  readonly state: InformerState;
  /** Why the state is what it is, for people. */
  readonly detail: string | undefined;
  /** Time since the server last gave a sign of life. */
  readonly stalenessMs: number;
  /** Malformed objects that are left out. */
  readonly quarantined: readonly Quarantined[];
  /** Waits (up to a second) until the cache has seen a write; false when it has not by then. */
  expect(ref: { name: string; namespace?: string }, resourceVersion: string): Promise<boolean>;
  /** Resolves when the connection is closed and no handler runs. */
  stop(): Promise<void>;
}

export interface InformerContext {
  client: Client;
  clock: Clock;
  random: () => number;
  log: Log;
  metrics: KubeMetrics;
}

const defaultPageSize = 500;

export function startInformer<T>(
  context: InformerContext,
  resource: Resource<T>,
  options: InformerOptions<T>,
): Informer<T> & { addIndexers(indexers: Indexers<T>): void } {
  const cache = createCache<T>({
    ...context,
    resource,
    metadataOnly: options.metadataOnly,
    keepManagedFieldsOf: options.keepManagedFieldsOf,
    transform: options.transform,
  });
  cache.store.addIndexers(options.indexers ?? {});
  const sync = createSync();
  const {
    namespace,
    labelSelector,
    fieldSelector,
    metadataOnly,
    listing = "stream",
    pageSize = defaultPageSize,
  } = options;
  const reflector = new Reflector({
    ...context,
    resource,
    namespace,
    labelSelector,
    fieldSelector,
    metadataOnly,
    listing,
    pageSize,
    sink: cache,
    onSync: sync.reached,
  });
  const running = reflector.run();
  let stopping: Promise<void> | undefined;

  return {
    get: (name, namespace) => cache.store.get(keyOf(name, namespace)),
    list(namespace, labels) {
      const objects = namespace === undefined ? cache.store.values() : cache.store.inNamespace(namespace);
      return labels ? objects.filter((object) => hasLabels(object, labels)) : objects;
    },
    byIndex: (index, value) => cache.store.byIndex(index, value),
    subscribe: (handler) => cache.delivery.subscribe(handler, cache.store.values()),
    get hasSynced() {
      return sync.isReached;
    },
    waitForSync: sync.wait,
    get state() {
      return reflector.state;
    },
    get detail() {
      return reflector.detail;
    },
    get stalenessMs() {
      return context.clock.now() - reflector.lifeAt;
    },
    get quarantined() {
      return cache.quarantined;
    },
    expect: (ref, resourceVersion) => cache.expectations.wait(keyOf(ref.name, ref.namespace), resourceVersion),
    addIndexers: (indexers) => cache.store.addIndexers(indexers),
    stop() {
      stopping ??= (async () => {
        reflector.stop();
        sync.end(new Error(`the informer of ${resource.plural} was stopped`));
        await running;
        await cache.delivery.settled();
        cache.retire();
      })();
      return stopping;
    },
  };
}

function hasLabels(object: unknown, wanted: Readonly<Record<string, string>>): boolean {
  const labels = metadata(object).labels ?? {};
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** The moment everybody may wait for: reached once, or never. */
function createSync() {
  let isReached = false;
  let ended: Error | undefined;
  const waiting = new Set<{ resolve: () => void; reject: (reason: unknown) => void }>();
  return {
    get isReached() {
      return isReached;
    },
    reached(): void {
      isReached = true;
      for (const { resolve } of waiting) resolve();
    },
    end(reason: Error): void {
      ended = reason;
      for (const { reject } of waiting) reject(reason);
    },
    async wait(signal?: AbortSignal): Promise<void> {
      signal?.throwIfAborted();
      if (isReached) return;
      if (ended) throw ended;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter = { resolve, reject };
      const abort = (): void => reject(signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      waiting.add(waiter);
      try {
        await promise;
      } finally {
        waiting.delete(waiter);
        signal?.removeEventListener("abort", abort);
      }
    },
  };
}
