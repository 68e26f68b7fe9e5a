import { copyJson, type Fields } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import { notFound } from "../status.ts";
import type { Cluster } from "./cluster.ts";
import { namespacesCollection } from "./namespaces.ts";

/** Sets a namespace's own finalizers; a namespace that is being deleted goes with the last of them. */
export function finalizeNamespace({ store }: Cluster, kind: Kind, name: string, body: Fields): KubeObject {
  const entry = store.get(namespacesCollection, name);
  if (!entry) throw notFound(kind, name);
  const next = copyJson(entry.object);
  const finalizers = (body["spec"] as Fields | undefined)?.["finalizers"] as string[] | undefined;
  next["spec"] = finalizers?.length ? { finalizers } : {};
  const isLeaving = next.metadata.deletionTimestamp !== undefined && !next.metadata.finalizers?.length;
  if (isLeaving && !finalizers?.length) return store.remove(namespacesCollection, name, next)?.object ?? next;
  return store.put(namespacesCollection, name, next).object;
}
