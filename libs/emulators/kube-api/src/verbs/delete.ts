import { decodeBody, readBody } from "../http/body.ts";
import { type Call, header } from "../http/call.ts";
import { send } from "../http/respond.ts";
import { type Fields, isFields } from "../json.ts";
import { entryIn } from "../kinds/form.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Cluster } from "../operations/cluster.ts";
import { type DeleteOptions, remove } from "../operations/delete.ts";
import { selection } from "../selectors/selection.ts";
import { notFound } from "../status.ts";
import { keyOf } from "../store/entry.ts";
import { isDryRun } from "./dry-run.ts";
import { deletedStatus, sendList, sendObject } from "./reply.ts";

/** Options come as body or as query; the body wins. */
async function optionsOf(call: Call): Promise<DeleteOptions> {
  const { query, request } = call;
  const bytes = await readBody(request);
  const { value } = bytes.length > 0 ? decodeBody(bytes, header(call, "content-type"), "DeleteOptions") : { value: {} };
  const body: Fields = isFields(value) ? value : {};
  const policy = (body["propagationPolicy"] as string | undefined) ?? query.get("propagationPolicy");
  const orphans = body["orphanDependents"] ?? (query.get("orphanDependents") === "true" || undefined);
  const dryRun = isDryRun(query) || (Array.isArray(body["dryRun"]) && body["dryRun"].includes("All"));
  return {
    ...(isFields(body["preconditions"]) && { preconditions: body["preconditions"] }),
    ...(policy ? { propagationPolicy: policy } : orphans === true ? { propagationPolicy: "Orphan" } : {}),
    dryRun,
  };
}

export async function deleteOne(cluster: Cluster, kind: Kind, call: Call): Promise<void> {
  const { info } = call;
  const options = await optionsOf(call);
  const current = entryIn(
    kind,
    cluster.store.get(kind.collection, keyOf(kind.namespaced ? info.namespace : "", info.name)),
  );
  if (!current) throw notFound(kind, info.name);
  const { object, gone } = remove(cluster, kind, current, options);
  if (gone) send(call, { body: JSON.stringify(deletedStatus(kind, object)) });
  else sendObject(call, kind, object, cluster.now());
}

export async function deleteMany(cluster: Cluster, kind: Kind, call: Call): Promise<void> {
  const { info, query } = call;
  const options = await optionsOf(call);
  const chosen = selection(query, kind);
  const namespace = kind.namespaced ? info.namespace : "";
  const entries = cluster.store.list(kind.collection, namespace).filter(({ object }) => !chosen || chosen(object));
  for (const entry of entries) remove(cluster, kind, entry, options);
  sendList(call, kind, entries, { resourceVersion: String(cluster.store.revision) }, cluster.now());
}
