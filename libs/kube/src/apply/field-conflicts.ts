import { KubeError } from "../transport/kube-error.ts";

/** A field that somebody else manages. */
export interface FieldConflict {
  manager: string;
  /** `.spec.template.spec.containers[name="app"].image` */
  field: string;
}

const named = /^conflict with ("(?:[^"\\]|\\.)*")/;

/** Who stands in the way of a server-side apply, and where. Empty for every other error. */
export function fieldConflicts(error: unknown): readonly FieldConflict[] {
  if (!(error instanceof KubeError) || !error.isConflict) return [];
  return (error.details?.causes ?? []).flatMap(({ reason, message = "", field = "" }) => {
    if (reason !== "FieldManagerConflict") return [];
    const [, manager] = named.exec(message) ?? [];
    return [{ manager: manager === undefined ? message : unquoted(manager), field }];
  });
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
