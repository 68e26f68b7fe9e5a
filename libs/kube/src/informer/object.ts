import type { KubeObject } from "../resources/types.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** `namespace/name`, or the name of an object that has no namespace. */
export const keyOf = (name: string, namespace?: string): string => (namespace ? `${namespace}/${name}` : name);

/** The mistake that makes a value no object of the API at all, or undefined. */
export function identityProblem(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "is no object";
  const { metadata } = value as { metadata?: unknown };
  if (typeof metadata !== "object" || metadata === null) return "has no metadata";
  const { name, namespace, resourceVersion } = metadata as Record<string, unknown>;
  if (typeof name !== "string" || name === "") return "has no metadata.name";
  if (namespace !== undefined && typeof namespace !== "string") return "has a metadata.namespace that is no text";
  if (typeof resourceVersion !== "string" || resourceVersion === "") return "has no metadata.resourceVersion";
  return undefined;
}

/**
 * Takes out what no reader needs and what can be half of an object. Works on an object that is still ours alone.
 *
 * @param manager whose managedFields stay
 */
export function strip(object: KubeObject, manager?: string): KubeObject {
  const { metadata } = object;
  const kept = manager === undefined ? [] : metadata.managedFields?.filter((entry) => entry.manager === manager);
  if (kept?.length) metadata.managedFields = kept;
  else delete metadata.managedFields;
  if (metadata.annotations && lastApplied in metadata.annotations) {
    delete metadata.annotations[lastApplied];
    if (Object.keys(metadata.annotations).length === 0) delete metadata.annotations;
  }
  return object;
}

/** The same for servers that ignore that only metadata was asked for. */
export const metadataOf = ({ apiVersion, kind, metadata }: KubeObject): KubeObject =>
  ({ apiVersion, kind, metadata }) as KubeObject;

export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
