import { decodeBody, readBody } from "../http/body.ts";
import { type Call, header, managerOf } from "../http/call.ts";
import { toObject } from "../http/object-body.ts";
import { entryIn } from "../kinds/form.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Cluster } from "../operations/cluster.ts";
import { create as createObject } from "../operations/create.ts";
import { requireUid, update as updateObject } from "../operations/update.ts";
import { badRequest, invalid, notFound } from "../status.ts";
import { keyOf } from "../store/entry.ts";
import { isDryRun } from "./dry-run.ts";
import { sendObject } from "./reply.ts";

export async function create(cluster: Cluster, kind: Kind, call: Call): Promise<void> {
  const { info, query, request } = call;
  const body = decodeBody(await readBody(request), header(call, "content-type"), kind.kind);
  const object = toObject(body, kind, call);
  const options = { manager: managerOf(call), dryRun: isDryRun(query) };
  sendObject(call, kind, createObject(cluster, kind, info.namespace, object, options), cluster.now(), 201);
}

export async function update(cluster: Cluster, kind: Kind, call: Call): Promise<void> {
  const { info, query, request } = call;
  const body = decodeBody(await readBody(request), header(call, "content-type"), kind.kind);
  const object = toObject(body, kind, call);
  if (!object.metadata.name) throw badRequest("name must be provided");
  const current = entryIn(
    kind,
    cluster.store.get(kind.collection, keyOf(kind.namespaced ? info.namespace : "", info.name)),
  );
  const options = { manager: managerOf(call), subresource: info.subresource, dryRun: isDryRun(query) };
  if (!current) {
    if (!kind.behaviour.createOnUpdate || info.subresource) throw notFound(kind, info.name);
    requireUid(kind, object.metadata);
    const { resourceVersion: _, ...metadata } = object.metadata;
    const fresh = { ...object, metadata };
    sendObject(call, kind, createObject(cluster, kind, info.namespace, fresh, options), cluster.now(), 201);
    return;
  }
  if (kind.behaviour.unconditionalUpdate === false && !object.metadata.resourceVersion) {
    const message = "Invalid value: 0: must be specified for an update";
    throw invalid({ group: kind.group, kind: kind.resource }, info.name, [
      { type: "FieldValueInvalid", field: "metadata.resourceVersion", message },
    ]);
  }
  sendObject(call, kind, updateObject(cluster, kind, current, object, options), cluster.now());
}
