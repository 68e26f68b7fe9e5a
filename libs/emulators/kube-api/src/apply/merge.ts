import { type Fields, isFields } from "../json.ts";
import type { Schema } from "../schema/schema.ts";
import type { FieldSet, PathElement } from "./field-set.ts";
import { field, shapeOf } from "./shape.ts";

/** The live object with everything the applied configuration says. Shares what it does not change. */
export function merge(live: unknown, applied: unknown, schema: Schema | undefined): unknown {
  if (applied === undefined) return live;
  if (live === undefined || live === null) return applied;
  const shape = shapeOf(schema, applied, live);
  if (shape.type === "map" && isFields(live) && isFields(applied)) {
    const result: Fields = { ...live };
    for (const [key, value] of Object.entries(applied)) result[key] = merge(live[key], value, shape.field(key));
    return result;
  }
  if (shape.type === "list" && Array.isArray(live) && Array.isArray(applied) && applied.length > 0) {
    return mergeItems(live, applied, shape.elementOf, (a, b) => merge(a, b, shape.items));
  }
  if (shape.type === "list" && Array.isArray(live) && Array.isArray(applied)) return live;
  return applied;
}

/** The applied order wins among the items both know; items only the live list has keep their places between them. */
function mergeItems(
  live: unknown[],
  applied: unknown[],
  elementOf: (item: unknown) => PathElement,
  mergeItem: (live: unknown, applied: unknown) => unknown,
): unknown[] {
  const liveByElement = new Map(live.map((item) => [elementOf(item), item]));
  const wanted = applied.map((item) => ({ element: elementOf(item), item }));
  const isWanted = new Set(wanted.map(({ element }) => element));
  const result: unknown[] = [];
  let next = 0;
  const take = () => {
    const { element, item } = wanted[next] as { element: string; item: unknown };
    result.push(mergeItem(liveByElement.get(element), item));
    next += 1;
  };
  for (const item of live) {
    const element = elementOf(item);
    if (!isWanted.has(element)) {
      result.push(item);
      continue;
    }
    const place = wanted.findIndex((candidate) => candidate.element === element);
    while (next <= place) take();
  }
  while (next < wanted.length) take();
  return result;
}

/** The value without the paths of `set`. Containers that become empty disappear. */
export function removeFields(value: unknown, set: FieldSet, schema: Schema | undefined): unknown {
  const shape = shapeOf(schema, value);
  if (shape.type === "map" && isFields(value)) {
    const result: Fields = {};
    for (const [key, item] of Object.entries(value)) {
      const element = field(key);
      if (set.members.has(element)) continue;
      const below = set.below(element);
      const kept = below.isEmpty ? item : removeFields(item, below, shape.field(key));
      if (kept !== undefined) result[key] = kept;
    }
    return Object.keys(result).length > 0 ? result : undefined;
  }
  if (shape.type === "list" && Array.isArray(value)) {
    const result: unknown[] = [];
    for (const item of value) {
      const element = shape.elementOf(item);
      if (set.members.has(element)) continue;
      const below = set.below(element);
      const kept = below.isEmpty ? item : removeFields(item, below, shape.items);
      if (kept !== undefined) result.push(kept);
    }
    return result.length > 0 ? result : undefined;
  }
  return value;
}
