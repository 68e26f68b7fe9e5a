import { inVersion } from "../kinds/form.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import type { Cluster } from "./cluster.ts";

/** Stores an object in the shape its collection has; returns it in the kind's. */
export function put({ store }: Cluster, kind: Kind, key: string, object: KubeObject): KubeObject {
  return inVersion(kind, store.put(kind.collection, key, kind.form?.stored(object) ?? object).object);
}
