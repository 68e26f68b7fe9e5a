import { sameJson } from "../json.ts";
import { hasStatus, type Kind } from "../kinds/kind.ts";
import type { KubeObject, ManagedFieldsEntry, Metadata } from "../objects.ts";
import { conflict, staleObject } from "../status.ts";
import { type Entry, keyOf } from "../store/entry.ts";
import { recordUpdate, requireValid, setDefaults } from "./admit.ts";
import type { Cluster, WriteOptions } from "./cluster.ts";
import { put } from "./put.ts";

/** Replaces an object by `next` (which becomes the store's own) as far as the door it came through allows. */
export function update(
  cluster: Cluster,
  kind: Kind,
  current: Entry,
  next: KubeObject,
  options: WriteOptions,
): KubeObject {
  const previous = current.object;
  requireFresh(kind, previous, next, options);
  keepServerFields(kind, previous, next, options);
  setDefaults(kind, next, previous);
  recordUpdate(cluster, kind, next, previous, options);
  return storeNext(cluster, kind, current, next, options);
}

/** The optimistic lock: whoever names a resourceVersion or uid means exactly that state. */
export function requireFresh(
  kind: Kind,
  { metadata: current }: KubeObject,
  { metadata: next }: KubeObject,
  { isPatch = false }: WriteOptions,
): void {
  if (!isPatch) requireUid(kind, next, current.uid);
  if (next.resourceVersion && next.resourceVersion !== current.resourceVersion) throw staleObject(kind, current.name);
}

/** Whoever puts an object with a uid means that one, also where there is none. */
export function requireUid(kind: Kind, { uid, namespace, name }: Metadata, current = ""): void {
  if (!uid || uid === current) return;
  const key = `/registry/${kind.custom ? `${kind.group}/` : ""}${kind.resource}/${keyOf(namespace, name)}`;
  const precondition = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current}`;
  const why = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${precondition}`;
  throw conflict(kind, name, why);
}

/** Puts back what only the server, or only another door, may change. */
export function keepServerFields(
  kind: Kind,
  previous: KubeObject,
  next: KubeObject,
  { subresource, isPatch = false }: WriteOptions,
): void {
  const { metadata: old } = previous;
  // Custom resources take nothing but the status there, so that nobody looks at the uid.
  const uid = isPatch && !(kind.custom && subresource === "status") ? next.metadata.uid || old.uid : old.uid;
  if (subresource === "status") {
    const { managedFields } = next.metadata;
    const onlyStatus = { ...previous, metadata: kind.custom ? { ...old } : { ...old, ...editable(next) } };
    const { status } = next as { status?: unknown };
    for (const key of Object.keys(next)) delete next[key];
    Object.assign(next, onlyStatus);
    if (status === undefined) delete next["status"];
    else next["status"] = status;
    if (managedFields) next.metadata.managedFields = managedFields;
  } else if (hasStatus(kind)) {
    if (previous["status"] === undefined) delete next["status"];
    else next["status"] = previous["status"];
  }
  const { metadata } = next;
  metadata.uid = uid as string;
  metadata.resourceVersion = old.resourceVersion as string;
  metadata.creationTimestamp = old.creationTimestamp as string;
  for (const field of ["deletionTimestamp", "deletionGracePeriodSeconds", "generation", "generateName"] as const) {
    if (old[field] === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: old[field] });
  }
}

/** On a built-in kind's /status, annotations and the like may be changed too. */
function editable({ metadata: { labels, annotations, finalizers, ownerReferences } }: KubeObject) {
  return Object.fromEntries(Object.entries({ labels, annotations, finalizers, ownerReferences }).filter(([, v]) => v));
}

export function storeNext(
  cluster: Cluster,
  kind: Kind,
  current: Entry,
  next: KubeObject,
  options: WriteOptions,
): KubeObject {
  const previous = current.object;
  kind.behaviour.prepare?.(next, previous);
  if (kind.behaviour.generation && specChanged(kind, previous, next)) {
    next.metadata.generation = (previous.metadata.generation ?? 0) + 1;
  }
  requireValid(kind, next, previous, options.subresource);
  if (options.dryRun) return next;
  if (isNoChange(previous, next)) return previous;
  const { metadata } = next;
  const isLeaving = metadata.deletionTimestamp !== undefined && !metadata.finalizers?.length;
  // The last finalizer of an object that is being deleted went away: the object goes with it.
  if (isLeaving && !metadata.deletionGracePeriodSeconds) {
    cluster.store.remove(kind.collection, current.key);
    return next;
  }
  return put(cluster, kind, current.key, next);
}

/** Everything but metadata and status counts, also fields that are not called spec. */
function specChanged(kind: Kind, previous: KubeObject, next: KubeObject): boolean {
  const relevant = ({ metadata: _, status, ...rest }: KubeObject) => (hasStatus(kind) ? rest : { ...rest, status });
  return !sameJson(relevant(previous), relevant(next));
}

/** A write that changes nothing keeps the resourceVersion, and nobody is told. Times of managers do not count. */
export function isNoChange(previous: KubeObject, next: KubeObject): boolean {
  const comparable = (object: KubeObject) => ({
    ...object,
    metadata: { ...object.metadata, managedFields: object.metadata.managedFields?.map(withoutTime) },
  });
  return sameJson(comparable(previous), comparable(next));
}

const withoutTime = ({ time: _, ...entry }: ManagedFieldsEntry) => entry;
