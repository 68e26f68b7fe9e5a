import { decodeBody, decodeYaml, mediaType, readBody } from "../http/body.ts";
import { type Call, header, managerOf } from "../http/call.ts";
import { send } from "../http/respond.ts";
import { copyJson, type Fields, fieldsAt, isFields, valueAt } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import type { Cluster } from "../operations/cluster.ts";
import { update } from "../operations/update.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { methodNotAllowed, noSuchResource, notFound } from "../status.ts";
import { keyOf } from "../store/entry.ts";
import { isDryRun } from "./dry-run.ts";

/** The /scale door: how many replicas, whatever the kind. */
export async function scale(cluster: Cluster, kind: Kind, call: Call): Promise<boolean> {
  const { info, request, query } = call;
  if (!kind.subresources.some(({ name }) => name === "scale")) throw noSuchResource();
  const entry = cluster.store.get(kind.collection, keyOf(kind.namespaced ? info.namespace : "", info.name));
  if (!entry) throw notFound(kind, info.name);
  let { object } = entry;
  if (info.verb === "update" || info.verb === "patch") {
    const wanted = wantedScale(call, scaleOf(object), await readBody(request));
    const next = copyJson(object);
    next["spec"] = { ...fieldsAt(next, "spec"), replicas: Number(valueAt(wanted, "spec", "replicas") ?? 0) };
    next.metadata.resourceVersion = valueAt(wanted, "metadata", "resourceVersion") as string;
    const options = { manager: managerOf(call), dryRun: isDryRun(query) };
    object = update(cluster, kind, entry, next, options);
  } else if (info.verb !== "get") {
    throw methodNotAllowed();
  }
  send(call, { body: JSON.stringify(scaleOf(object)) });
  return true;
}

function wantedScale(call: Call, current: Fields, body: Buffer): unknown {
  if (call.info.verb === "update") return decodeBody(body, header(call, "content-type"), "Scale").value;
  const text = body.toString("utf8");
  const isApply = mediaType(header(call, "content-type")) === "application/apply-patch+yaml";
  const patch = isApply ? decodeYaml(text).value : JSON.parse(text);
  return isFields(patch) ? mergePatch(current, patch) : current;
}

function scaleOf(object: KubeObject): Fields {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = fieldsAt(object, "spec", "selector", "matchLabels");
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: Number(valueAt(object, "spec", "replicas") ?? 0) },
    status: {
      replicas: Number(valueAt(object, "status", "replicas") ?? 0),
      ...(selector && {
        selector: Object.entries(selector)
          .map(([key, value]) => `${key}=${value}`)
          .join(","),
      }),
    },
  };
}
