import { copyJson, type Fields, sameJson } from "../json.ts";
import { type KubeObject, timestamp } from "../objects.ts";
import type { Cluster } from "../operations/cluster.ts";
import { cleanUpFinalizer, remove } from "../operations/delete.ts";
import { update } from "../operations/update.ts";
import type { Entry } from "../store/entry.ts";
import { kindsOf } from "./custom.ts";
import { collectionOf } from "./kind.ts";

export const definitionsCollection = collectionOf("apiextensions.k8s.io", "customresourcedefinitions");

/**
 * Serves what a CustomResourceDefinition defines from the moment it is stored, and says so in its status right after.
 * When it is deleted, its objects go first.
 */
export class DefinitionController {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  start(): void {
    this.#cluster.store.subscribe(({ type, collection, entry }) => {
      if (collection === definitionsCollection) this.#onDefinition(entry, type === "DELETED");
      else if (type === "DELETED") this.#onInstanceGone(collection);
    });
  }

  #onDefinition({ key, object }: Entry, isGone: boolean): void {
    const isLeaving = object.metadata.deletionTimestamp !== undefined;
    if (isGone) this.#cluster.kinds.replaceCustom(key, []);
    else if (!isLeaving) this.#cluster.kinds.replaceCustom(key, kindsOf(object));
    if (!isGone) queueMicrotask(() => this.#settle(key));
  }

  #onInstanceGone(collection: string): void {
    const kind = this.#cluster.kinds.ofCollection(collection);
    if (kind?.custom) queueMicrotask(() => this.#settle(`${kind.resource}.${kind.group}`));
  }

  #settle(key: string): void {
    const { store, kinds, now } = this.#cluster;
    const entry = store.get(definitionsCollection, key);
    if (!entry) return;
    if (entry.object.metadata.deletionTimestamp !== undefined) {
      cleanUp(this.#cluster, entry);
      return;
    }
    const next = withStatus(entry.object, timestamp(now()));
    const kind = kinds.ofCollection(definitionsCollection);
    if (!kind || sameJson(next, entry.object)) return;
    update(this.#cluster, kind, entry, next, { manager: "kube-apiserver", subresource: "status" });
  }
}

function cleanUp(cluster: Cluster, entry: Entry): void {
  const { store, kinds } = cluster;
  const spec = entry.object["spec"] as { group: string; names: { plural: string } };
  const collection = collectionOf(spec.group, spec.names.plural);
  const kind = kinds.ofCollection(collection);
  for (const instance of store.list(collection)) {
    if (kind && instance.object.metadata.deletionTimestamp === undefined) remove(cluster, kind, instance, {});
  }
  if (store.list(collection).length > 0) return;
  const next = copyJson(entry.object);
  next.metadata.finalizers = (next.metadata.finalizers ?? []).filter((item) => item !== cleanUpFinalizer);
  if (next.metadata.finalizers.length === 0) store.remove(definitionsCollection, entry.key, next);
  else if (next.metadata.finalizers.length !== entry.object.metadata.finalizers?.length) {
    store.put(definitionsCollection, entry.key, next);
  }
}

function withStatus(object: KubeObject, now: string): KubeObject {
  const next = copyJson(object);
  const spec = object["spec"] as { names: Fields; versions: { name: string; storage: boolean }[] };
  const status = (object["status"] ?? {}) as {
    conditions?: { type: string; status: string }[];
    storedVersions?: string[];
  };
  const known = new Map((status.conditions ?? []).map((condition) => [condition.type, condition]));
  const condition = (type: string, reason: string, message: string) => {
    const previous = known.get(type);
    return previous?.status === "True" ? previous : { lastTransitionTime: now, message, reason, status: "True", type };
  };
  const storage = spec.versions.find((version) => version.storage)?.name;
  next["status"] = {
    acceptedNames: spec.names,
    conditions: [
      condition("NamesAccepted", "NoConflicts", "no conflicts found"),
      condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ],
    storedVersions: [...new Set([...(status.storedVersions ?? []), ...(storage ? [storage] : [])])],
  };
  return next;
}
