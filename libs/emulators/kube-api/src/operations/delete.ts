import { copyJson, valueAt } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import { type KubeObject, timestamp } from "../objects.ts";
import { conflict, forbidden, invalid } from "../status.ts";
import type { Entry } from "../store/entry.ts";
import type { Cluster } from "./cluster.ts";
import { namespacesCollection } from "./namespaces.ts";
import { put } from "./put.ts";

/** metav1.DeleteOptions, from body and query. */
export interface DeleteOptions {
  preconditions?: { uid?: string; resourceVersion?: string };
  propagationPolicy?: string;
  gracePeriodSeconds?: number;
  dryRun?: boolean;
}

const definitions = "apiextensions.k8s.io/customresourcedefinitions";
export const cleanUpFinalizer = "customresourcecleanup.apiextensions.k8s.io";
const permanent = new Set(["default", "kube-system", "kube-public"]);

const propagationFinalizers: Readonly<Record<string, string | undefined>> = {
  Foreground: "foregroundDeletion",
  Orphan: "orphan",
};

/**
 * Deletes an object, or, when finalizers ask for time, marks it as being deleted.
 * `gone` tells which of the two happened.
 */
export function remove(
  cluster: Cluster,
  kind: Kind,
  current: Entry,
  options: DeleteOptions,
): { object: KubeObject; gone: boolean } {
  const { object } = current;
  if (kind.collection === namespacesCollection && permanent.has(object.metadata.name)) {
    throw forbidden(kind, object.metadata.name, "this namespace may not be deleted");
  }
  checkPreconditions(kind, object, options);
  const finalizers = finalizersFor(object, options);
  // Custom objects do not outlive their definition.
  if (kind.collection === definitions && !object.metadata.deletionTimestamp) finalizers.push(cleanUpFinalizer);
  const lingers = finalizers.length > 0 || hasOwnFinalizers(kind, object);
  if (!lingers) {
    const last = options.dryRun ? object : cluster.store.remove(kind.collection, current.key)?.object;
    return { object: last ?? object, gone: true };
  }
  const next = copyJson(object);
  next.metadata.deletionTimestamp ??= timestamp(cluster.now());
  next.metadata.deletionGracePeriodSeconds ??= 0;
  if (next.metadata.generation !== undefined && object.metadata.deletionTimestamp === undefined) {
    next.metadata.generation += 1;
  }
  if (finalizers.length > 0) next.metadata.finalizers = finalizers;
  if (kind.collection === namespacesCollection)
    next["status"] = { ...(next["status"] as object), phase: "Terminating" };
  const isMarked =
    object.metadata.deletionTimestamp !== undefined && finalizers.length === (object.metadata.finalizers?.length ?? 0);
  if (isMarked || options.dryRun) return { object: isMarked ? object : next, gone: false };
  return { object: put(cluster, kind, current.key, next), gone: false };
}

function checkPreconditions(
  kind: Kind,
  { metadata }: KubeObject,
  { preconditions, propagationPolicy }: DeleteOptions,
): void {
  const wrong = (what: string, wanted: string, actual: string | undefined, hint: string) => {
    const why = `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${actual}). ${hint}`;
    return conflict({ group: kind.group, resource: kind.kind }, metadata.name, why);
  };
  if (preconditions?.uid && preconditions.uid !== metadata.uid) {
    throw wrong("UID", preconditions.uid, metadata.uid, "The object might have been deleted and then recreated");
  }
  if (preconditions?.resourceVersion && preconditions.resourceVersion !== metadata.resourceVersion) {
    throw wrong(
      "ResourceVersion",
      preconditions.resourceVersion,
      metadata.resourceVersion,
      "The object might have been modified",
    );
  }
  if (propagationPolicy && !["Foreground", "Background", "Orphan"].includes(propagationPolicy)) {
    const message = `Unsupported value: ${JSON.stringify(propagationPolicy)}: supported values: "Foreground", "Background", "Orphan", "nil"`;
    throw invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", [
      { type: "FieldValueNotSupported", field: "propagationPolicy", message },
    ]);
  }
}

function finalizersFor({ metadata }: KubeObject, { propagationPolicy }: DeleteOptions): string[] {
  const wanted = propagationPolicy ? propagationFinalizers[propagationPolicy] : undefined;
  // A new policy replaces the one chosen by an earlier deletion.
  const kept = (metadata.finalizers ?? []).filter(
    (finalizer) => !propagationPolicy || !["foregroundDeletion", "orphan"].includes(finalizer),
  );
  return wanted ? [...kept, wanted] : kept;
}

/** Namespaces carry theirs in the spec. */
function hasOwnFinalizers(kind: Kind, object: KubeObject): boolean {
  const own = valueAt(object, "spec", "finalizers");
  return kind.collection === namespacesCollection && Array.isArray(own) && own.length > 0;
}
