import {
  findHelm,
  helmObjects as objects,
  helmTemplate as template,
} from "@application-connector/connector-manager/chart";

type Object = Awaited<ReturnType<typeof objects>>[number];

/** Helm's program; these suites are not run without it. */
export const helm = findHelm() ?? "helm";

export { objects as helmObjects, template as helmTemplate };

/** Objects by kind, namespace and name, in the order of these. */
export function byName(list: readonly Object[]): Record<string, Object> {
  const entries = list.map((object): [string, Object] => {
    const { apiVersion, kind, metadata } = object;
    return [`${apiVersion} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`, object];
  });
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const names = new Set(sorted.map(([name]) => name));
  if (names.size !== sorted.length) throw new Error("two objects have the same name");
  return Object.fromEntries(sorted);
}
