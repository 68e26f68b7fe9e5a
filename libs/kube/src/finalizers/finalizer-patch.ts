import type { ObjectMeta } from "../resources/resource.ts";

export interface PatchOperation {
  op: "test" | "add" | "remove";
  path: string;
  value?: unknown;
}

const list = "/metadata/finalizers";

/**
 * The JSON patch after which a finalizer is there; undefined when it is. It holds for this version of the object alone:
 * otherwise it could add it twice, or take the place of a list that came meanwhile.
 */
export function addingPatch(metadata: ObjectMeta, finalizer: string): readonly PatchOperation[] | undefined {
  const { resourceVersion, finalizers = [] } = metadata;
  if (finalizers.includes(finalizer)) return undefined;
  const unchanged = { op: "test", path: "/metadata/resourceVersion", value: resourceVersion } as const;
  if (finalizers.length > 0) return [unchanged, { op: "add", path: `${list}/-`, value: finalizer }];
  return [unchanged, { op: "add", path: list, value: [finalizer] }];
}

/**
 * The JSON patch after which it is not there; undefined when it is not. It removes this entry of this object and no
 * other, whatever else changed meanwhile.
 */
export function removingPatch({ uid, finalizers = [] }: ObjectMeta, finalizer: string) {
  const place = finalizers.indexOf(finalizer);
  if (place < 0) return undefined;
  const path = `${list}/${place}`;
  return [
    { op: "test", path: "/metadata/uid", value: uid },
    { op: "test", path, value: finalizer },
    { op: "remove", path },
  ] satisfies readonly PatchOperation[];
}
