import { resources } from "../generated/resources.ts";
import { definition } from "../schema/schema.ts";
import { cellsOf } from "../table/built-in-cells.ts";
import { behaviours } from "./behaviours.ts";
import { type Column, collectionOf, type Kind, type Subresource } from "./kind.ts";

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
    const collection = collectionOf(row.group, row.resource);
    const cells = cellsOf(collection);
    return {
      ...row,
      listKind: `${row.kind}List`,
      collection,
      custom: false,
      definitionName,
      schema: definition(definitionName),
      ...(cells && { cells }),
      behaviour: behaviours[collection] ?? {},
    };
  });
}
