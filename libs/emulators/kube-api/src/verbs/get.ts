import type { Call } from "../http/call.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Cluster } from "../operations/cluster.ts";
import { notFound } from "../status.ts";
import { keyOf } from "../store/entry.ts";
import { sendObject } from "./reply.ts";

export function get(cluster: Cluster, kind: Kind, call: Call): void {
  const { namespace, name } = call.info;
  const entry = cluster.store.get(kind.collection, keyOf(kind.namespaced ? namespace : "", name));
  if (!entry) throw notFound(kind, name);
  sendObject(call, kind, entry.object, cluster.now());
}
