import { type Fields, isFields, valueAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { objectMetaRef, type Schema } from "../schema/schema.ts";
import { customCells } from "../table/custom-cells.ts";
import { type Column, collectionOf, type Kind, type Subresource } from "./kind.ts";
import { dnsSubdomain } from "./names.ts";

export interface PrinterColumn {
  name: string;
  type: string;
  jsonPath: string;
  format?: string;
  description?: string;
  priority?: number;
}

interface Version {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema?: Schema };
  subresources?: { status?: object; scale?: Fields };
  additionalPrinterColumns?: PrinterColumn[];
  selectableFields?: { jsonPath: string }[];
}

const allVerbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  description:
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
  priority: 0,
};

const ageColumn: PrinterColumn = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description:
    "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
};

/** What a CustomResourceDefinition makes the server serve. */
export function kindsOf(definition: KubeObject): Kind[] {
  const spec = definition["spec"] as Fields;
  const names = (valueAt(definition, "status", "acceptedNames") ?? spec["names"]) as Fields;
  const group = spec["group"] as string;
  const resource = names["plural"] as string;
  const kind = names["kind"] as string;
  // Nobody's webhooks are called here: what they would have to convert is not served, rather than served with fields missing.
  const isConverted = valueAt(definition, "spec", "conversion", "strategy") === "Webhook";
  return (spec["versions"] as Version[])
    .filter(({ served, storage }) => served && (storage || !isConverted))
    .map((version) => {
      const printed = version.additionalPrinterColumns ?? [ageColumn];
      return {
        group,
        version: version.name,
        resource,
        kind,
        singular: (names["singular"] as string | undefined) ?? kind.toLowerCase(),
        listKind: (names["listKind"] as string | undefined) ?? `${kind}List`,
        namespaced: spec["scope"] === "Namespaced",
        shortNames: (names["shortNames"] as string[] | undefined) ?? [],
        categories: (names["categories"] as string[] | undefined) ?? [],
        verbs: allVerbs,
        subresources: subresourcesOf(version, kind),
        collection: collectionOf(group, resource),
        custom: true,
        schema: rootSchema(version.schema?.openAPIV3Schema),
        columns: [nameColumn, ...printed.map(toColumn)],
        cells: customCells(printed),
        behaviour: {
          generation: true,
          validName: dnsSubdomain,
          unconditionalUpdate: false,
          selectable: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, "")),
        },
      } satisfies Kind;
    });
}

function subresourcesOf(version: Version, kind: string): Subresource[] {
  const verbs = ["get", "patch", "update"];
  return [
    ...(version.subresources?.status ? [{ name: "status", kind, verbs }] : []),
    ...(version.subresources?.scale
      ? [{ name: "scale", kind: "Scale", verbs, group: "autoscaling", version: "v1" }]
      : []),
  ];
}

function toColumn({ name, type, format = "", description, priority = 0, jsonPath }: PrinterColumn): Column {
  return {
    name,
    type,
    format,
    description: description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority,
  };
}

const typeMeta = {
  apiVersion: {
    type: "string",
    description:
      "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
  },
  kind: {
    type: "string",
    description:
      "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
  },
} as const;

/** The schema of the author, with the fields every object has. */
function rootSchema(schema: Schema | undefined): Schema {
  const root = isFields(schema) ? (schema as Schema) : { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return { ...root, properties: { ...root.properties, ...typeMeta, metadata: { $ref: objectMetaRef } } };
}
