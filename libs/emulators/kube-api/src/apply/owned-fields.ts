import { isFields } from "../json.ts";
import { resolve, type Schema } from "../schema/schema.ts";
import { FieldSet, type PathElement } from "./field-set.ts";
import { field, shapeOf } from "./shape.ts";

/** The paths of everything an object says: what a manager that applies it will own. */
export function fieldsOf(value: unknown, schema: Schema | undefined): FieldSet {
  const set = new FieldSet();
  collect(value, schema, [], set);
  return set;
}

function collect(value: unknown, schema: Schema | undefined, path: PathElement[], set: FieldSet): void {
  const shape = shapeOf(schema, value);
  if (shape.type === "leaf") {
    set.insert(path);
  } else if (shape.type === "map" && isFields(value)) {
    for (const [key, item] of Object.entries(value)) {
      const at = [...path, field(key)];
      collect(item, shape.field(key), at, set);
      if (item === null || isEmptyMap(item) || !shape.isNamed(key)) set.insert(at);
    }
  } else if (shape.type === "list" && Array.isArray(value)) {
    for (const item of value) {
      const at = [...path, shape.elementOf(item)];
      collect(item, shape.items, at, set);
      set.insert(at);
    }
  }
}

const isEmptyMap = (value: unknown) => isFields(value) && Object.keys(value).length === 0;

/** The set and, in addition, every named field on the way to its paths: owning `a.b` counts as owning `a`. */
export function withNamedParents(set: FieldSet, given: Schema | undefined): FieldSet {
  const schema = resolve(given);
  const result = new FieldSet();
  for (const element of set.members) result.members.add(element);
  for (const [element, child] of set.children) {
    const key = element.slice(2);
    const isField = element.startsWith("f:");
    if (isField && schema?.properties?.[key]) result.members.add(element);
    const shape = shapeOf(schema);
    const below = shape.type === "list" ? shape.items : shape.type === "map" && isField ? shape.field(key) : undefined;
    result.children.set(element, withNamedParents(child, below));
  }
  return result;
}
