/**
 * Whether something on the server says everything that is wanted: it may say more, like what the server fills in and what
 * others added. Lists of named things are compared by name, others item by item.
 */
export function contains(live: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true;
  if (Array.isArray(wanted)) return Array.isArray(live) && containsItems(live, wanted);
  if (typeof wanted !== "object" || wanted === null) return live === wanted;
  if (typeof live !== "object" || live === null) return false;
  return Object.entries(wanted).every(([name, value]) => contains((live as Record<string, unknown>)[name], value));
}

function containsItems(live: readonly unknown[], wanted: readonly unknown[]): boolean {
  if (!wanted.every(isNamed)) {
    return live.length === wanted.length && wanted.every((item, index) => contains(live[index], item));
  }
  const byName = new Map(live.filter(isNamed).map((item) => [item.name, item]));
  return wanted.every((item) => contains(byName.get(item.name), item));
}

const isNamed = (item: unknown): item is { name: string } =>
  typeof item === "object" && item !== null && "name" in item && typeof item.name === "string";
