import type { CombinedInformer } from "../informer/combined.ts";
import type { Change } from "../informer/store.ts";
import type { Priority } from "../queue/work-queue.ts";
import type { Resource } from "../resources/resource.ts";
import type { KubeObject } from "../resources/types.ts";
import { objectOf, type Predicate } from "./predicates.ts";
import { type Request, requestFor } from "./request.ts";

export type Enqueue = (request: Request, priority: Priority) => void;

/** Where hints come from that an object may need a look. */
export interface Source {
  /** Begins to tell; returns how to end that. */
  start(enqueue: Enqueue): () => void;
  /** Everything that exists has been told. */
  waitForSync(signal?: AbortSignal): Promise<void>;
  /** Everything there is now: for the regular look that needs no hint. */
  all(): readonly Request[];
}

/** Any informer, also a combined one. */
export type SourceInformer<T> = Pick<CombinedInformer<T>, "subscribe" | "list" | "hasSynced" | "waitForSync">;

/** The objects of an informer themselves. */
export function objects<T extends KubeObject>(
  informer: SourceInformer<T>,
  ...predicates: readonly Predicate<T>[]
): Source {
  const source = mapped(informer, (object) => [requestFor(object)], ...predicates);
  return { ...source, all: () => informer.list().map(requestFor) };
}

/** Objects of another kind, each standing for the object that its controller reference names. */
export function owned<T extends KubeObject>(
  informer: SourceInformer<T>,
  owner: Resource<unknown>,
  ...predicates: readonly Predicate<T>[]
): Source {
  return mapped(informer, (object) => ownersOf(object, owner), ...predicates);
}

/**
 * Objects of another kind, each standing for the objects that a function names. It reads caches at most, never the API.
 * An update tells of what both the old and the new object stand for.
 */
export function mapped<T>(
  informer: SourceInformer<T>,
  map: (object: T) => readonly Request[],
  ...predicates: readonly Predicate<T>[]
): Source {
  return {
    start(enqueue) {
      const tell = (change: Change<T>): void => {
        if (!predicates.every((predicate) => predicate(change))) return;
        // What exists when we begin is looked at behind what happens.
        const priority = change.type === "add" && !informer.hasSynced ? "low" : "normal";
        const objects = change.type === "update" ? [change.old, change.now] : [objectOf(change)];
        for (const object of objects) for (const request of map(object)) enqueue(request, priority);
      };
      return informer.subscribe({
        add: (now) => tell({ type: "add", now }),
        update: (old, now) => tell({ type: "update", old, now }),
        delete: (old, tombstone) => tell({ type: "delete", old, tombstone }),
      });
    },
    waitForSync: (signal) => informer.waitForSync(signal),
    all: () => [],
  };
}

function ownersOf({ metadata }: KubeObject, { group, kind, namespaced }: Resource<unknown>): Request[] {
  const reference = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (!reference || reference.kind !== kind || groupOf(reference.apiVersion) !== group) return [];
  return [{ name: reference.name, namespace: namespaced ? metadata.namespace : undefined }];
}

const groupOf = (apiVersion: string): string => (apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "");
