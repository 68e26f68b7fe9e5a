/**
 * What `live` has where `desired` has something: the part of an object that an apply is about. Lists are taken whole,
 * because only the schema knows which of their items belong together.
 */
export function projection(live: unknown, desired: unknown): unknown {
  if (!isFields(live) || !isFields(desired)) return live;
  const fields = Object.keys(desired).filter((name) => desired[name] !== undefined);
  return Object.fromEntries(fields.sort().map((name) => [name, projection(live[name], desired[name])]));
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
