import { managedByLabel } from "./desired.ts";

const part = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Labels of the Director that are allowed, and that Kubernetes takes. Numbers and truth values become text. */
export function propagatedLabels(
  labels: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
): Record<string, string> {
  const propagated: Record<string, string> = {};
  for (const key of allowed) {
    const value = labels[key];
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") continue;
    const text = String(value);
    if (key !== managedByLabel && isLabelKey(key) && (text === "" || part.test(text))) propagated[key] = text;
  }
  return propagated;
}

function isLabelKey(key: string): boolean {
  const slash = key.indexOf("/");
  if (slash === -1) return part.test(key);
  const prefix = key.slice(0, slash);
  return prefix.length <= 253 && subdomain.test(prefix) && part.test(key.slice(slash + 1));
}
