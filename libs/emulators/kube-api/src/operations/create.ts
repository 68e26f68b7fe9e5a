import { randomUUID } from "node:crypto";
import { copyJson } from "../json.ts";
import { hasStatus, type Kind } from "../kinds/kind.ts";
import { type KubeObject, timestamp } from "../objects.ts";
import { ApiError, alreadyExists, invalid } from "../status.ts";
import { keyOf } from "../store/entry.ts";
import { recordUpdate, requireValid, setDefaults } from "./admit.ts";
import type { Cluster, WriteOptions } from "./cluster.ts";
import { generateName } from "./metadata.ts";
import { requireNamespace } from "./namespaces.ts";
import { put } from "./put.ts";

/** Stores a new object and returns it as it was stored. */
export function create(
  cluster: Cluster,
  kind: Kind,
  namespace: string,
  given: KubeObject,
  options: WriteOptions,
): KubeObject {
  const object = newObject(cluster, kind, namespace, given);
  setDefaults(kind, object, undefined);
  recordUpdate(cluster, kind, object, undefined, options);
  return storeNew(cluster, kind, object, options);
}

/** The object with everything the server decides about a new one. */
export function newObject(cluster: Cluster, kind: Kind, namespace: string, given: KubeObject): KubeObject {
  const object = copyJson(given);
  const { metadata } = object;
  if (metadata.resourceVersion) {
    throw new ApiError(500, "", "resourceVersion should not be set on objects to be created");
  }
  if (!metadata.name) {
    if (!metadata.generateName) {
      const required = "Required value: name or generateName is required";
      throw invalid(kind, "", [{ type: "FieldValueRequired", field: "metadata.name", message: required }]);
    }
    metadata.name = generateName(metadata.generateName);
  }
  if (kind.namespaced) {
    metadata.namespace = namespace;
    requireNamespace(cluster, kind, namespace, metadata.name);
  } else {
    delete metadata.namespace;
  }
  metadata.uid = randomUUID();
  metadata.creationTimestamp = timestamp(cluster.now());
  delete metadata.resourceVersion;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata["selfLink"];
  if (kind.behaviour.generation) metadata.generation = 1;
  else delete metadata.generation;
  if (hasStatus(kind)) {
    delete object["status"];
    const status = kind.behaviour.initialStatus?.();
    if (status) object["status"] = status;
  }
  return object;
}

export function storeNew(cluster: Cluster, kind: Kind, object: KubeObject, options: WriteOptions): KubeObject {
  kind.behaviour.prepare?.(object, undefined);
  requireValid(kind, object, undefined);
  const { name, namespace } = object.metadata;
  const key = keyOf(namespace, name);
  if (cluster.store.get(kind.collection, key)) throw alreadyExists(kind, name);
  return options.dryRun ? object : put(cluster, kind, key, object);
}
