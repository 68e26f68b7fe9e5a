import type { LabelSelector } from "../bundle/index.ts";
import type { NamespaceLabels } from "./caches.ts";

/** The names of the namespaces that a selector selects, in order. */
export function selectedNamespaces(selector: LabelSelector, namespaces: readonly NamespaceLabels[]): string[] {
  return namespaces
    .filter(({ metadata: { labels = {} } }) => isSelected(selector, labels))
    .map(({ metadata }) => metadata.name)
    .sort();
}

function isSelected(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Record<string, string>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          return false;
      }
    })
  );
}
