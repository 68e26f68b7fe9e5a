import { ApiError } from "../status.ts";
import { FieldSet, printPath } from "./field-set.ts";
import type { Manager } from "./managers.ts";

export interface Conflict {
  manager: Manager;
  fields: FieldSet;
}

function print({ manager, subresource, operation, apiVersion }: Manager): string {
  const name = `${JSON.stringify(manager)}${subresource ? ` with subresource ${JSON.stringify(subresource)}` : ""}`;
  return operation === "Apply" ? name : `${name} using ${apiVersion}`;
}

/** The answer to an apply that would change what others own; knows which fields. */
export class ConflictError extends ApiError {
  readonly fields: FieldSet;

  constructor(conflicts: readonly Conflict[]) {
    const { message, causes } = describe(conflicts);
    super(409, "Conflict", message, { causes });
    this.fields = conflicts.reduce((all, { fields }) => all.union(fields), new FieldSet());
  }
}

function describe(conflicts: readonly Conflict[]) {
  const named = conflicts
    .map(({ manager, fields }) => ({ name: print(manager), paths: [...fields.paths()].map(printPath) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const causes = named.flatMap(({ name, paths }) =>
    paths.map((field) => ({ reason: "FieldManagerConflict", message: `conflict with ${name}`, field })),
  );
  const lines = named.flatMap(({ name, paths }) => [`conflicts with ${name}:`, ...paths.map((path) => `- ${path}`)]);
  const [only] = causes;
  const message =
    causes.length === 1 && only
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${lines.join("\n")}`;
  return { message, causes };
}
