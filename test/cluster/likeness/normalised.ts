const hidden = new Set([
  "uid",
  "resourceVersion",
  "continue",
  "storageVersionHash",
  "clusterIP",
  "clusterIPs",
  "selfLink",
]);

/** What differs between any two clusters, made equal. */
export function normalised(value: unknown, key = ""): unknown {
  if (typeof value === "string") {
    if (hidden.has(key)) return value === "" || value === "0" ? value : `<${key}>`;
    return (
      value
        .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>")
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>")
        .replaceAll(/resource version: \d+ \(\d+\)|, current: \d+/g, "<revision>")
        .replaceAll(/in record \(\d+\)/g, "in record <revision>")
        .replaceAll(/^\d+s$/g, "<age>")
        .replace(/(patch: )?Invalid value: "\{.*\}": /, "Invalid value: <patched>: ")
        .replace(/continue key is not valid: .*/, "continue key is not valid")
        // Go's maps give the mistakes in any order.
        .replace(
          /is invalid: \[(.*)\]$/s,
          (_, mistakes: string) => `is invalid: ${mistakes.split(/, (?=\w+\.)/).sort()}`,
        )
    );
  }
  if (Array.isArray(value)) {
    if (hidden.has(key)) return `<${key}>`;
    const items = value.map((item) => normalised(item));
    return key === "managedFields" || key === "causes"
      ? [...new Set(items.map((item) => JSON.stringify(sorted(item))))].sort()
      : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, normalised(item, name)]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
