import { hasStatus, type Kind } from "../kinds/kind.ts";
import type { Cluster } from "../operations/cluster.ts";
import { methodNotAllowed, noSuchResource } from "../status.ts";
import { deleteMany, deleteOne } from "../verbs/delete.ts";
import { get } from "../verbs/get.ts";
import { list } from "../verbs/list.ts";
import { patch } from "../verbs/patch.ts";
import { type WatchLimits, watch } from "../verbs/watch.ts";
import { create, update } from "../verbs/write.ts";
import type { WatchHub } from "../watch/hub.ts";
import type { Call } from "./call.ts";
import { notThere } from "./respond.ts";

/** Handles a subresource that is not /status, or a kind that is not stored; false when it is not for it. */
export type SpecialHandler = (cluster: Cluster, kind: Kind, call: Call) => Promise<boolean> | boolean;

export interface Routes {
  cluster: Cluster;
  hub: WatchHub;
  limits: WatchLimits;
  special: SpecialHandler;
}

/** A path below an unknown group is no API path at all; so is one below a group of custom kinds only. */
function isServed({ kinds }: Cluster, group: string, version: string): boolean {
  for (const kind of kinds.all()) {
    if (!kind.custom && kind.group === group && kind.version === version) return true;
  }
  return false;
}

/** Brings a request about a resource to its verb. */
export async function dispatch({ cluster, hub, limits, special }: Routes, call: Call): Promise<void> {
  const { info } = call;
  const kind = cluster.kinds.find(info.group, info.version, info.resource);
  if (!kind && !isServed(cluster, info.group, info.version)) return notThere(call);
  if (!kind || info.rest.length > 0) throw noSuchResource();
  if (["update", "patch"].includes(info.verb) ? !info.name : info.verb === "create" && info.name && !info.subresource) {
    throw methodNotAllowed();
  }
  if (
    kind.namespaced &&
    !info.namespace &&
    (info.name || info.verb === "create") &&
    !["list", "watch"].includes(info.verb)
  ) {
    throw info.verb === "create" ? methodNotAllowed() : noSuchResource();
  }
  if (await special(cluster, kind, call)) return;
  if (info.subresource && !(info.subresource === "status" && hasStatus(kind))) throw noSuchResource();
  const verbs = info.subresource
    ? (kind.subresources.find(({ name }) => name === info.subresource)?.verbs ?? [])
    : kind.verbs;
  if (!verbs.includes(info.verb)) throw methodNotAllowed();
  switch (info.verb) {
    case "get":
      return get(cluster, kind, call);
    case "list":
      return list(cluster, kind, call);
    case "watch":
      return watch(cluster, hub, kind, call, limits);
    case "create":
      return create(cluster, kind, call);
    case "update":
      return update(cluster, kind, call);
    case "patch":
      return patch(cluster, kind, call);
    case "delete":
      return deleteOne(cluster, kind, call);
    case "deletecollection":
      return deleteMany(cluster, kind, call);
    default:
      throw methodNotAllowed();
  }
}
