import type { Caller } from "./caller.ts";

/** Who may call an API. */
export interface Access {
  allows(caller: Caller): boolean;
}

/** Undefined where everybody may. A list that is there restricts, also when it is empty. */
export function accessOf(
  namespaces: readonly string[] | undefined,
  principals: readonly string[] | undefined,
): Access | undefined {
  if (namespaces === undefined && principals === undefined) return undefined;
  if (namespaces?.includes("*")) return { allows: () => true };
  const allowedNamespaces = new Set(namespaces);
  const allowedPrincipals = new Set(principals);
  return {
    allows: ({ id, namespace, workload }) =>
      (namespace !== undefined && allowedNamespaces.has(namespace)) ||
      (workload !== undefined && allowedPrincipals.has(workload)) ||
      allowedPrincipals.has(id),
  };
}
