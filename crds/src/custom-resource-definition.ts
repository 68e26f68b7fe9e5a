import type { ObjectMeta } from "./object-meta.ts";
import type { Schema } from "./schema.ts";

/** A CRD manifest (apiextensions.k8s.io/v1), as far as ours use its fields. */
export interface CustomResourceDefinition {
  apiVersion: "apiextensions.k8s.io/v1";
  kind: "CustomResourceDefinition";
  metadata: ObjectMeta;
  spec: {
    group: string;
    scope: "Cluster" | "Namespaced";
    preserveUnknownFields?: boolean;
    names: {
      plural: string;
      singular: string;
      kind: string;
      listKind: string;
      shortNames?: readonly string[];
      categories?: readonly string[];
    };
    versions: readonly CustomResourceVersion[];
    conversion?: { strategy: "None" | "Webhook"; webhook?: object };
  };
}

export interface CustomResourceVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema: { openAPIV3Schema: Schema };
  subresources?: { status?: object };
  additionalPrinterColumns?: readonly PrinterColumn[];
}

export interface PrinterColumn {
  name: string;
  type: string;
  jsonPath: string;
  description?: string;
  priority?: number;
}
