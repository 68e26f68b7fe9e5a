import type { Registry } from "prom-client";
import type { Clock } from "../clock.ts";
import { type Log, silentLog } from "../log.ts";
import { createMetrics, noMetrics } from "../metrics.ts";
import type { Resource } from "../resources/resource.ts";
import type { Client } from "../transport/client.ts";
import { type Informer, type InformerContext, type InformerOptions, startInformer } from "./informer.ts";

export interface InformersOptions {
  log?: Log;
  metrics?: Registry;
  /** Defaults to the client's. */
  clock?: Clock;
  random?: () => number;
}

/** Hands out informers; whoever asks for the same objects gets the same informer, with one watch on the wire. */
export interface Informers {
  /** Starts at once. Stopping the informer stops it for everybody who was given it. */
  informer<T>(resource: Resource<T>, options?: InformerOptions<T>): Informer<T>;
  stop(): Promise<void>;
}

export function createInformers(client: Client, options: InformersOptions = {}): Informers {
  const context: InformerContext = {
    client,
    clock: options.clock ?? client.clock,
    random: options.random ?? Math.random,
    log: options.log ?? silentLog,
    metrics: options.metrics ? createMetrics(options.metrics) : noMetrics,
  };
  const shared = new Map<string, ReturnType<typeof startInformer>>();
  const transforms = createNumbering();
  let stopped = false;

  return {
    informer<T>(resource: Resource<T>, options: InformerOptions<T> = {}): Informer<T> {
      if (stopped) throw new Error("the informers were stopped");
      const key = identityOf(resource, options, options.transform ? transforms(options.transform) : 0);
      const found = shared.get(key) as ReturnType<typeof startInformer<T>> | undefined;
      if (found && found.state !== "Stopped") {
        found.addIndexers(options.indexers ?? {});
        return found;
      }
      const started = startInformer(context, resource, options);
      shared.set(key, started as unknown as ReturnType<typeof startInformer>);
      return started;
    },
    async stop() {
      stopped = true;
      await Promise.all([...shared.values()].map((informer) => informer.stop()));
      shared.clear();
    },
  };
}

/** What makes two informers the same: which objects, and what is kept of them. */
function identityOf<T>(resource: Resource<T>, options: InformerOptions<T>, transform: number): string {
  const { group, version, plural } = resource;
  const { namespace, labelSelector, fieldSelector, metadataOnly = false, keepManagedFieldsOf } = options;
  const objects = [group, version, plural, namespace, labelSelector, fieldSelector];
  return JSON.stringify([...objects, metadataOnly, keepManagedFieldsOf, transform]);
}

/** Functions have no name of their own that could be part of a key. */
function createNumbering(): (thing: object) => number {
  const numbers = new WeakMap<object, number>();
  let last = 0;
  return (thing) => {
    const number = numbers.get(thing) ?? ++last;
    numbers.set(thing, number);
    return number;
  };
}
