/** A JSON object whose fields are not known yet. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at `key`, or undefined when there is none or it is something else. */
export function fieldsAt(object: unknown, ...path: string[]): Fields | undefined {
  let current = object;
  for (const key of path) {
    if (!isFields(current)) return undefined;
    current = current[key];
  }
  return isFields(current) ? current : undefined;
}

export function valueAt(object: unknown, ...path: string[]): unknown {
  let current = object;
  for (const key of path) {
    if (!isFields(current)) return undefined;
    current = current[key];
  }
  return current;
}

/** Equality of JSON values: absent and undefined are the same, the order of keys does not matter. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isFields(a) || !isFields(b)) return false;
  for (const key in a) {
    if (!sameJson(a[key], b[key])) return false;
  }
  for (const key in b) {
    if (b[key] !== undefined && a[key] === undefined) return false;
  }
  return true;
}

/** A deep copy; several times faster than structuredClone for plain JSON. */
export function copyJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyJson) as T;
  if (!isFields(value)) return value;
  const copy: Fields = {};
  for (const key in value) copy[key] = copyJson(value[key]);
  return copy as T;
}
