import { ConflictError } from "../apply/conflicts.ts";
import { lastAppliedFields } from "../apply/last-applied.ts";
import { type Managers, readManagers, writeManagers } from "../apply/managers.ts";
import { afterUpdate, apply, type Writer } from "../apply/ownership.ts";
import { copyJson, type Fields, sameJson } from "../json.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import { type KubeObject, timestamp } from "../objects.ts";
import { badRequest, conflict, notFound } from "../status.ts";
import type { Entry } from "../store/entry.ts";
import { emptyOf, setDefaults } from "./admit.ts";
import type { Cluster, WriteOptions } from "./cluster.ts";
import { newObject, storeNew } from "./create.ts";
import { keepServerFields, requireFresh, storeNext } from "./update.ts";

export interface ApplyOptions extends WriteOptions {
  force?: boolean;
}

/** Creates or changes an object so that it says what `config` says, and the manager owns exactly that. */
export function serverSideApply(
  cluster: Cluster,
  kind: Kind,
  namespace: string,
  name: string,
  current: Entry | undefined,
  config: KubeObject,
  options: ApplyOptions,
): { object: KubeObject; created: boolean } {
  checkConfig(kind, name, config);
  if (!current) {
    if (options.subresource) throw notFound(kind, name);
    if (config.metadata.uid) {
      const why = `uid mismatch: the provided object specified uid ${config.metadata.uid}, and no existing object was found`;
      throw conflict(kind, name, why);
    }
    return { object: applyNew(cluster, kind, namespace, config, options), created: true };
  }
  const live = current.object;
  const next = mergeInto(cluster, kind, live, config, options);
  requireFresh(kind, live, config, { ...options, isPatch: true });
  const { managedFields = [] } = next.metadata;
  if (config.metadata.uid) next.metadata.uid = config.metadata.uid;
  keepServerFields(kind, live, next, { ...options, isPatch: true });
  next.metadata.managedFields = managedFields;
  setDefaults(kind, next, live);
  return { object: storeNext(cluster, kind, current, next, options), created: false };
}

function checkConfig(kind: Kind, name: string, config: KubeObject): void {
  if (config.apiVersion !== apiVersionOf(kind)) {
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${config.apiVersion}, expected: ${apiVersionOf(kind)}`,
    );
  }
  if (config.metadata.managedFields) throw badRequest("metadata.managedFields must be nil");
  if (config.metadata.name && config.metadata.name !== name) {
    throw badRequest(`the name of the object (${config.metadata.name}) does not match the name on the URL (${name})`);
  }
}

function applyNew(
  cluster: Cluster,
  kind: Kind,
  namespace: string,
  config: KubeObject,
  options: ApplyOptions,
): KubeObject {
  const merged = mergeInto(cluster, kind, undefined, config, options);
  const { managedFields, ...metadata } = merged.metadata;
  const object = newObject(cluster, kind, namespace, { ...merged, metadata });
  if (managedFields) object.metadata.managedFields = managedFields;
  setDefaults(kind, object, undefined);
  return storeNew(cluster, kind, object, options);
}

function mergeInto(
  cluster: Cluster,
  kind: Kind,
  live: KubeObject | undefined,
  config: KubeObject,
  options: ApplyOptions,
): KubeObject {
  const writer = {
    kind,
    manager: options.manager,
    subresource: options.subresource ?? "",
    time: timestamp(cluster.now()),
  };
  const managers = readManagers(live?.metadata.managedFields, kind.group);
  const before: Fields = live
    ? { ...live, apiVersion: apiVersionOf(kind), metadata: withoutManagers(live.metadata) }
    : emptyOf(kind);
  // What was there before anybody was recorded belongs to a manager of its own.
  if (live && managers.size === 0) {
    afterUpdate(managers, {}, before as KubeObject, { ...writer, manager: "before-first-apply", subresource: "" });
  }
  const { resourceVersion: _, uid: __, ...metadata } = config.metadata;
  const wanted = { ...config, metadata } as KubeObject;
  const merged = takeOver(managers, live, before, wanted, writer, options.force ?? false);
  const changed = !sameJson(before, merged);
  for (const manager of managers.values()) {
    const isSelf = manager.operation === "Apply" && manager.manager === options.manager;
    if (isSelf && manager.subresource === writer.subresource && (changed || !manager.time)) manager.time = writer.time;
  }
  // A copy: the merged object shares what did not change with the stored one.
  const object = copyJson(merged) as KubeObject;
  return { ...object, metadata: { ...object.metadata, managedFields: writeManagers(managers) } };
}

/** Applies; kubectl need not fight with its own client-side past. */
function takeOver(
  managers: Managers,
  live: KubeObject | undefined,
  before: Fields,
  config: KubeObject,
  writer: Writer,
  force: boolean,
): Fields {
  const untouched = new Map(managers);
  try {
    return apply(managers, before, config, writer, force);
  } catch (error) {
    if (!(error instanceof ConflictError) || !live || writer.manager !== "kubectl") throw error;
    if (!error.fields.difference(lastAppliedFields(live, writer.kind)).isEmpty) throw error;
    managers.clear();
    for (const [id, manager] of untouched) managers.set(id, manager);
    return apply(managers, before, config, writer, true);
  }
}

function withoutManagers({ managedFields: _, ...metadata }: KubeObject["metadata"]) {
  return metadata;
}
