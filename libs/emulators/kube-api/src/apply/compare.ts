import { isFields, sameJson } from "../json.ts";
import type { Schema } from "../schema/schema.ts";
import { FieldSet, type PathElement } from "./field-set.ts";
import { field, shapeOf } from "./shape.ts";

export interface Comparison {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

/** Which paths differ between two states of an object. */
export function compare(before: unknown, after: unknown, schema: Schema | undefined): Comparison {
  const result = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() };
  walk(before, after, schema, [], result);
  return result;
}

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);

function walk(before: unknown, after: unknown, schema: Schema | undefined, path: PathElement[], out: Comparison): void {
  if (before === undefined && after === undefined) return;
  const shape = shapeOf(schema, after, before);
  // Two empty values are one piece, so that the difference between empty and null is seen.
  if (shape.type === "leaf" || (isBlank(before) && isBlank(after))) {
    if (before === undefined) out.added.insert(path);
    else if (after === undefined) out.removed.insert(path);
    else if (!sameJson(before, after)) out.modified.insert(path);
    return;
  }
  if (shape.type === "map") {
    const old = isFields(before) ? before : {};
    const now = isFields(after) ? after : {};
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      walk(old[key], now[key], shape.field(key), [...path, field(key)], out);
    }
  } else {
    const old = byElement(before, shape.elementOf);
    const now = byElement(after, shape.elementOf);
    for (const element of new Set([...old.keys(), ...now.keys()])) {
      walk(old.get(element), now.get(element), shape.items, [...path, element], out);
    }
  }
  if (before === undefined) out.added.insert(path);
  else if (after === undefined) out.removed.insert(path);
}

function byElement(list: unknown, elementOf: (item: unknown) => PathElement): Map<PathElement, unknown> {
  const found = new Map<PathElement, unknown>();
  if (!Array.isArray(list)) return found;
  for (const item of list) {
    const element = elementOf(item);
    if (!found.has(element)) found.set(element, item);
  }
  return found;
}
