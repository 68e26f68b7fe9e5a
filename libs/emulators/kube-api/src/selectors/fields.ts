import { valueAt } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import { badRequest } from "../status.ts";

export type FieldMatcher = (object: KubeObject) => boolean;

/** Parses `metadata.name=crm,type!=Opaque` into a predicate; undefined when it chooses everything. */
export function fieldSelector(text: string | null | undefined, kind: Kind): FieldMatcher | undefined {
  if (!text?.trim()) return undefined;
  const requirements = text.split(",").map((part) => {
    const [, path, operator, value] = /^\s*([^!=\s]+)\s*(!=|==|=)\s*(.*?)\s*$/.exec(part) ?? [];
    if (path === undefined) throw badRequest(`invalid field selector: '${text}'; can't understand '${part}'`);
    if (!isSelectable(path, kind)) {
      throw badRequest(
        kind.custom || kind.behaviour.selectable
          ? `field label not supported: ${path}`
          : `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
      );
    }
    return { path: path.split("."), wanted: value as string, negated: operator === "!=" };
  });
  return (object) =>
    requirements.every(({ path, wanted, negated }) => (String(valueAt(object, ...path) ?? "") === wanted) !== negated);
}

function isSelectable(path: string, kind: Kind): boolean {
  return (
    path === "metadata.name" ||
    (path === "metadata.namespace" && kind.namespaced) ||
    (kind.behaviour.selectable?.includes(path) ?? false)
  );
}
