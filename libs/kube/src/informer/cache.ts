import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { KubeMetrics } from "../metrics.ts";
import { createDelivery } from "./delivery.ts";
import { createExpectations } from "./expectations.ts";
import { createIntake, type IntakeOptions } from "./intake.ts";
import { identityProblem } from "./object.ts";
import { type Change, createStore, keyOfObject, metadata } from "./store.ts";

/** An object that is left out of the cache because it is not what its kind promises. */
export interface Quarantined {
  key: string;
  resourceVersion: string;
  problem: string;
}

/** Collects a whole list, to take the place of the cache's content in one step. */
export interface ListBatch {
  put(raw: unknown): void;
  remove(raw: unknown): void;
  /** Returns how many objects differed. */
  commit(): number;
}

export interface CacheOptions<T> extends IntakeOptions<T> {
  clock: Clock;
  log: Log;
  metrics: KubeMetrics;
}

/** The local copy of a kind: takes in what the wire brings, and tells handlers what that changed. */
export function createCache<T>(options: CacheOptions<T>) {
  const { log, metrics, clock } = options;
  const { kind } = options.resource;
  const countError = (error: unknown, message: string, details = {}): void => {
    metrics.handlerError(kind);
    log.error({ kind, err: error, ...details }, message);
  };
  const intake = createIntake(options);
  const store = createStore<T>((index, error) => countError(error, "an index function threw", { index }));
  const delivery = createDelivery<T>((error) => countError(error, "an informer's handler failed"));
  const expectations = createExpectations(clock);
  let quarantine = new Map<string, Quarantined>();

  /** The object, or undefined when it went to quarantine instead. */
  const takeIn = (raw: unknown, into: Map<string, Quarantined>): T | undefined => {
    const taken = intake(raw);
    if ("object" in taken) return taken.object;
    const named = identityProblem(raw) === undefined;
    const key = named ? keyOfObject(raw) : "";
    const resourceVersion = named ? (metadata(raw).resourceVersion ?? "") : "";
    if (named) into.set(key, { key, resourceVersion, problem: taken.problem });
    if (!named || quarantine.get(key)?.resourceVersion !== resourceVersion) {
      metrics.quarantined(kind);
      log.warn({ kind, object: key, problem: taken.problem }, "a malformed object is left out");
    }
    return undefined;
  };
  const publish = (changes: Change<T>[]): void => {
    const growth =
      changes.filter(({ type }) => type === "add").length - changes.filter(({ type }) => type === "delete").length;
    if (growth !== 0) metrics.objects(kind, growth);
    delivery.deliver(changes);
  };

  return {
    store,
    delivery,
    expectations,
    get quarantined(): readonly Quarantined[] {
      return [...quarantine.values()];
    },
    upsert(raw: unknown): void {
      const object = takeIn(raw, quarantine);
      // What we had of a malformed object stays: the last good state serves better than none.
      if (object === undefined) return;
      const key = keyOfObject(object);
      quarantine.delete(key);
      const change = store.put(key, object);
      if (change) publish([change]);
      expectations.seen(key, metadata(object).resourceVersion ?? "");
    },
    remove(raw: unknown): void {
      if (identityProblem(raw) !== undefined) return void takeIn(raw, quarantine);
      const key = keyOfObject(raw);
      quarantine.delete(key);
      const change = store.delete(key);
      if (change) publish([change]);
      expectations.overtaken(key);
    },
    startList(): ListBatch {
      const objects = new Map<string, T>();
      const malformed = new Map<string, Quarantined>();
      return {
        put(raw) {
          const known = identityProblem(raw) === undefined ? store.get(keyOfObject(raw)) : undefined;
          const unchanged = known !== undefined && metadata(known).resourceVersion === metadata(raw).resourceVersion;
          const object = unchanged ? known : (takeIn(raw, malformed) ?? known);
          if (object !== undefined) objects.set(keyOfObject(object), object);
        },
        remove(raw) {
          if (identityProblem(raw) === undefined) objects.delete(keyOfObject(raw));
        },
        commit() {
          quarantine = malformed;
          const changes = store.swap(objects);
          publish(changes);
          for (const change of changes) expectations.overtaken(keyOfObject("now" in change ? change.now : change.old));
          return changes.length;
        },
      };
    },
    /** The end: the objects stay readable, but count no more. */
    retire: (): void => metrics.objects(kind, -store.size),
  };
}

export type Cache<T> = ReturnType<typeof createCache<T>>;
