import type { KubeObject } from "../objects.ts";

/** metav1.ListMeta */
export interface ListMetadata {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/** Another form of the same objects: rows of a table, or metadata alone. */
export interface Projection {
  single(object: KubeObject): string;
  list(objects: readonly KubeObject[], metadata: ListMetadata): string;
  /** An object of a watch event; tables send their columns with the first one. */
  event(object: KubeObject): string;
}

export const partialMetadata = ({ metadata }: KubeObject) => ({
  kind: "PartialObjectMetadata",
  apiVersion: "meta.k8s.io/v1",
  metadata,
});
