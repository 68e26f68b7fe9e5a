import { isFields } from "../json.ts";
import type { Schema } from "../schema/schema.ts";
import { type PathElement, printPath } from "./field-set.ts";
import { field, shapeOf } from "./shape.ts";

/** Items of a list that nobody could tell apart, as an apply is refused for them. */
export function duplicateItems(value: unknown, schema: Schema | undefined, path: PathElement[] = []): string[] {
  const shape = shapeOf(schema, value);
  if (shape.type === "map" && isFields(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      duplicateItems(item, shape.field(key), [...path, field(key)]),
    );
  }
  if (shape.type !== "list" || !Array.isArray(value)) return [];
  const seen = new Set<PathElement>();
  return value.flatMap((item) => {
    const element = shape.elementOf(item);
    if (seen.has(element)) return [`${printPath(path)}: duplicate entries for key ${printPath([element])}`];
    seen.add(element);
    return duplicateItems(item, shape.items, [...path, element]);
  });
}
