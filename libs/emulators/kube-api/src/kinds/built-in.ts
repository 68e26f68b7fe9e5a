import { resources } from "../generated/resources.ts";
import type { KubeObject } from "../objects.ts";
import { definition } from "../schema/schema.ts";
import { cellsOf } from "../table/built-in-cells.ts";
import { behaviours } from "./behaviours.ts";
import { newEventForm } from "./events.ts";
import type { Form } from "./form.ts";
import { apiVersionOf, type Column, collectionOf, type Kind, type Subresource } from "./kind.ts";

interface Row {
  group: string;
  version: string;
  resource: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
  shortNames: string[];
  categories: string[];
  subresources: Subresource[];
  definition: string;
  columns: Column[];
}

/** The kinds a cluster has before anybody installs a CustomResourceDefinition. */
export function builtInKinds(): Kind[] {
  return resources.map((text) => {
    const { definition: definitionName, ...row } = JSON.parse(text) as Row;
    const own = collectionOf(row.group, row.resource);
    const { collection, form } = kept[own] ?? { collection: own, form: undefined };
    const cells = cellsOf(collection);
    return {
      ...row,
      listKind: `${row.kind}List`,
      collection,
      custom: false,
      definitionName,
      schema: definition(definitionName),
      ...(form && { form }),
      ...(cells && { cells: form ? (object: KubeObject, now: number) => cells(form.stored(object), now) : cells }),
      behaviour: behaviours[own] ?? {},
    };
  });
}

let names: ReadonlySet<unknown> | undefined;

/** Whether the server knows such an object before anybody installs a CustomResourceDefinition. */
export function isBuiltIn({ apiVersion, kind }: { apiVersion?: unknown; kind?: unknown }): boolean {
  names ??= new Set(builtInKinds().map((known) => `${apiVersionOf(known)} ${known.kind}`));
  return names.has(`${apiVersion} ${kind}`);
}

/** Kinds that are another view of what is kept elsewhere. */
const kept: Readonly<Record<string, { collection: string; form: Form }>> = {
  "events.k8s.io/events": { collection: "/events", form: newEventForm },
};
