import { type DocumentNode, Kind, valueFromASTUntyped } from "graphql";
import { decodeCursor } from "../director/paging.ts";

/** A root field that a request asks for, with its arguments wherever they were written. */
export interface RootField {
  /** The field's own name, not its alias. */
  name: string;
  arguments: Record<string, unknown>;
  /** Which page it asks for, by its cursor and size. */
  pageIndex: number;
}

export function rootFieldsOf(document: DocumentNode, variables: Record<string, unknown>): RootField[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    return definition.selectionSet.selections.flatMap((selection) => {
      if (selection.kind !== Kind.FIELD) return [];
      const values = Object.fromEntries(
        (selection.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]),
      );
      return [{ name: selection.name.value, arguments: values, pageIndex: pageIndexOf(values) }];
    });
  });
}

function pageIndexOf({ first, after }: Record<string, unknown>): number {
  try {
    return Math.floor(decodeCursor(typeof after === "string" ? after : "") / (typeof first === "number" ? first : 200));
  } catch {
    return 0;
  }
}
