import { createHash } from "node:crypto";
import type { Resource } from "../resources/resource.ts";
import type { ConfigMap, KubeObject } from "../resources/types.ts";

/** The object that says what belongs together (KEP-3659). */
export interface ParentRef {
  name: string;
  namespace: string;
  /** What it bears beside the labels of the KEP, so that caches find it. */
  labels?: Readonly<Record<string, string>>;
}

/** Of which kinds, and in which namespaces beside its own, a set has members. */
export interface Reach {
  /** `Deployment.apps`, `ConfigMap` */
  groupKinds: ReadonlySet<string>;
  namespaces: ReadonlySet<string>;
}

export const memberLabel = "applyset.kubernetes.io/part-of";
const idLabel = "applyset.kubernetes.io/id";
const toolingKey = "applyset.kubernetes.io/tooling";
const groupKindsKey = "applyset.kubernetes.io/contains-group-kinds";
const namespacesKey = "applyset.kubernetes.io/additional-namespaces";

/** The id of a set whose parent is a ConfigMap. */
export function applySetId({ name, namespace }: ParentRef): string {
  const hash = createHash("sha256").update(`${name}.${namespace}.ConfigMap.`).digest("base64url");
  return `applyset-${hash}-v1`;
}

export const groupKindOf = ({ group, kind }: Resource<unknown>): string => (group === "" ? kind : `${kind}.${group}`);

/** The object as a member of the set. */
export const asMember = <T extends KubeObject>(object: T, id: string): T => ({
  ...object,
  metadata: { ...object.metadata, labels: { ...object.metadata.labels, [memberLabel]: id } },
});

export function parentObject({ name, namespace, labels }: ParentRef, tooling: string, reach: Reach): ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name,
      namespace,
      labels: { ...labels, [idLabel]: applySetId({ name, namespace }) },
      annotations: {
        [toolingKey]: tooling,
        [groupKindsKey]: [...reach.groupKinds].sort().join(","),
        [namespacesKey]: [...reach.namespaces]
          .filter((other) => other !== namespace)
          .sort()
          .join(","),
      },
    },
  };
}

/**
 * What the parent says of its members so far.
 *
 * @throws {Error} when the set belongs to another tool, or is no set of ours
 */
export function readReach(parent: ConfigMap | undefined, tooling: string): Reach {
  const { name, namespace = "", annotations = {}, labels = {} } = parent?.metadata ?? { name: "" };
  const owner = annotations[toolingKey];
  if (owner !== undefined && toolOf(owner) !== toolOf(tooling)) {
    throw new Error(`the apply set of ConfigMap ${namespace}/${name} belongs to ${owner}: choose another parent`);
  }
  const id = labels[idLabel];
  if (id !== undefined && id !== applySetId({ name, namespace })) {
    throw new Error(`ConfigMap ${namespace}/${name} has the label ${idLabel} of another apply set: remove it`);
  }
  return { groupKinds: listed(annotations[groupKindsKey]), namespaces: listed(annotations[namespacesKey]) };
}

export const union = (a: Reach, b: Reach): Reach => ({
  groupKinds: new Set([...a.groupKinds, ...b.groupKinds]),
  namespaces: new Set([...a.namespaces, ...b.namespaces]),
});

const toolOf = (tooling: string): string => tooling.split("/")[0] ?? "";
const listed = (text = ""): ReadonlySet<string> => new Set(text.split(",").filter((part) => part !== ""));
