import type { KubeObject } from "./types.ts";

/** Which object it is: the metadata of whatever is applied to it. */
export function identityOf({ metadata: { name, namespace } }: KubeObject): { name: string; namespace?: string } {
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}
