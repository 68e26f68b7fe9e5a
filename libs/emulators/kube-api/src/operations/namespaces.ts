import type { Kind } from "../kinds/kind.ts";
import { forbidden, notFound } from "../status.ts";
import type { Cluster } from "./cluster.ts";

export const namespacesCollection = "/namespaces";

/** New objects need a namespace that exists and is not on its way out. */
export function requireNamespace({ store }: Cluster, kind: Kind, namespace: string, name: string): void {
  const entry = store.get(namespacesCollection, namespace);
  if (!entry) throw notFound({ group: "", resource: "namespaces" }, namespace);
  if (entry.object.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(kind, name, why, [
    {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    },
  ]);
}
