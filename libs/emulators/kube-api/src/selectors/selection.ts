import type { Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import { fieldSelector } from "./fields.ts";
import { labelSelector } from "./labels.ts";

/** Which objects a list, watch or deletecollection is about. */
export type Selection = (object: KubeObject) => boolean;

/** undefined when everything is chosen, so that callers can skip looking at each object. */
export function selection(query: URLSearchParams, kind: Kind): Selection | undefined {
  const labels = labelSelector(query.get("labelSelector"));
  const fields = fieldSelector(query.get("fieldSelector"), kind);
  if (!labels && !fields) return undefined;
  return (object) =>
    (!labels || labels(object.metadata.labels ?? {})) && (!fields || fields(kind.form?.shown(object) ?? object));
}
