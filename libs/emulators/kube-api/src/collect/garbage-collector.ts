import { copyJson, sameJson } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import type { Cluster } from "../operations/cluster.ts";
import { remove } from "../operations/delete.ts";
import { finalizeNamespace } from "../operations/finalize.ts";
import { namespacesCollection } from "../operations/namespaces.ts";
import { isNoChange } from "../operations/update.ts";
import { type Entry, keyOf } from "../store/entry.ts";
import type { StoreEvent } from "../store/history.ts";

/**
 * Does what the controller manager does about deletions: empties namespaces that are being deleted, removes what
 * belonged to an owner that is gone, and lets go of owners that wait for their dependents.
 */
export class GarbageCollector {
  readonly #cluster: Cluster;
  #scheduled = false;
  /** Whether there ever was an object with an owner. */
  #hasOwners = false;
  /** How long the last look at everything took. */
  #tookMs = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  start(): void {
    this.#cluster.store.subscribe((event) => {
      if (this.#mayMatter(event)) this.#schedule();
    });
  }

  /** Most changes have nothing to do with deletions; looking at everything for each would be too much. */
  #mayMatter({ type, entry, previous }: StoreEvent): boolean {
    const { deletionTimestamp, ownerReferences, namespace } = entry.object.metadata;
    if (ownerReferences) this.#hasOwners = true;
    if (deletionTimestamp !== undefined) return true;
    if (type !== "DELETED")
      return ownerReferences !== undefined && !sameJson(ownerReferences, previous?.object.metadata.ownerReferences);
    const home = namespace ? this.#cluster.store.get(namespacesCollection, namespace) : undefined;
    return this.#hasOwners || home?.object.metadata.deletionTimestamp !== undefined;
  }

  /** In the background, once for all changes of a moment, and never within the write that caused it. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const collect = (): void => {
      this.#scheduled = false;
      const began = performance.now();
      this.#collect();
      this.#tookMs = performance.now() - began;
    };
    // Of tens of thousands of objects each look takes a while: most of the time is left to requests.
    if (this.#tookMs < 5) setImmediate(collect);
    else setTimeout(collect, this.#tookMs * 10).unref();
  }

  #collect(): void {
    const dependents = this.#dependents();
    for (const { kind, entry } of dependents.owned) this.#collectOwned(kind, entry, dependents);
    for (const { kind, entry } of this.#leaving()) this.#settleOwner(kind, entry, dependents);
    for (const entry of this.#cluster.store.list(namespacesCollection)) {
      if (entry.object.metadata.deletionTimestamp !== undefined) this.#emptyNamespace(entry.object);
    }
  }

  *#everything(): IterableIterator<{ kind: Kind; entry: Entry }> {
    const collections = new Set<string>();
    for (const kind of this.#cluster.kinds.all()) {
      if (collections.has(kind.collection)) continue;
      collections.add(kind.collection);
      for (const entry of this.#cluster.store.list(kind.collection)) yield { kind, entry };
    }
  }

  #dependents(): Dependents {
    const owned: Dependents["owned"] = [];
    const byOwner = new Map<string, { kind: Kind; entry: Entry }[]>();
    const uids = new Map<string, KubeObject>();
    for (const item of this.#everything()) {
      const { metadata } = item.entry.object;
      uids.set(metadata.uid as string, item.entry.object);
      if (!metadata.ownerReferences?.length) continue;
      owned.push(item);
      for (const { uid } of metadata.ownerReferences) {
        const dependents = byOwner.get(uid);
        if (dependents) dependents.push(item);
        else byOwner.set(uid, [item]);
      }
    }
    return { owned, byOwner, uids };
  }

  #leaving(): { kind: Kind; entry: Entry }[] {
    return [...this.#everything()].filter(({ entry }) => entry.object.metadata.deletionTimestamp !== undefined);
  }

  /** An object goes when none of its owners is left; an owner that waits for its dependents does not hold them. */
  #collectOwned(kind: Kind, entry: Entry, { uids }: Dependents): void {
    const owners = entry.object.metadata.ownerReferences ?? [];
    const holds = owners.some(({ uid }) => {
      const owner = uids.get(uid);
      return owner !== undefined && !owner.metadata.finalizers?.includes("foregroundDeletion");
    });
    if (holds || entry.object.metadata.deletionTimestamp !== undefined) return;
    const isForeground = owners.some(({ uid }) => uids.has(uid));
    const current = this.#cluster.store.get(kind.collection, entry.key);
    if (current)
      remove(this.#cluster, kind, current, { propagationPolicy: isForeground ? "Foreground" : "Background" });
  }

  #settleOwner(kind: Kind, { key, object }: Entry, { byOwner }: Dependents): void {
    const { finalizers = [], uid = "" } = object.metadata;
    const dependents = (byOwner.get(uid) ?? []).filter(({ kind: { collection }, entry }) =>
      this.#cluster.store.get(collection, entry.key),
    );
    if (finalizers.includes("orphan")) {
      for (const dependent of dependents) this.#orphan(dependent.kind, dependent.entry, uid);
      this.#dropFinalizer(kind, key, "orphan");
    } else if (finalizers.includes("foregroundDeletion")) {
      const blocks = dependents.some(({ entry }) =>
        entry.object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion),
      );
      if (!blocks) this.#dropFinalizer(kind, key, "foregroundDeletion");
    }
  }

  #orphan(kind: Kind, { key }: Entry, uid: string): void {
    this.#change(kind, key, ({ metadata }) => {
      metadata.ownerReferences = (metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
      if (metadata.ownerReferences.length === 0) delete metadata.ownerReferences;
    });
  }

  #dropFinalizer(kind: Kind, key: string, finalizer: string): void {
    this.#change(kind, key, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((item) => item !== finalizer);
      if (metadata.finalizers.length === 0) delete metadata.finalizers;
    });
  }

  #change(kind: Kind, key: string, change: (object: KubeObject) => void): void {
    const { store } = this.#cluster;
    const current = store.get(kind.collection, key);
    if (!current) return;
    const next = copyJson(current.object);
    change(next);
    const { deletionTimestamp, finalizers } = next.metadata;
    if (deletionTimestamp !== undefined && !finalizers?.length) store.remove(kind.collection, key, next);
    else if (!isNoChange(current.object, next)) store.put(kind.collection, key, next);
  }

  #emptyNamespace({ metadata: { name } }: KubeObject): void {
    const { store, kinds } = this.#cluster;
    let left = 0;
    const collections = new Set<string>();
    for (const kind of kinds.all()) {
      if (!kind.namespaced || collections.has(kind.collection)) continue;
      collections.add(kind.collection);
      for (const entry of store.list(kind.collection, name)) {
        if (entry.object.metadata.deletionTimestamp === undefined) remove(this.#cluster, kind, entry, {});
      }
      left += store.list(kind.collection, name).length;
    }
    const kind = kinds.find("", "v1", "namespaces");
    if (left === 0 && kind && store.get(namespacesCollection, keyOf("", name))) {
      finalizeNamespace(this.#cluster, kind, name, {});
    }
  }
}

interface Dependents {
  owned: { kind: Kind; entry: Entry }[];
  byOwner: Map<string, { kind: Kind; entry: Entry }[]>;
  uids: Map<string, KubeObject>;
}
