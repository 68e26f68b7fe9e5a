import { type Fields, isFields, sameJson } from "../json.ts";
import { fieldSchema, resolve, type Schema } from "../schema/schema.ts";

const deleteList = "$deleteFromPrimitiveList/";
const elementOrder = "$setElementOrder/";

/**
 * Kubernetes' own merge patch for built-in kinds: lists whose items have a merge key are merged item by item, and
 * directives (`$patch: delete`, `$retainKeys`, …) say what a plain merge cannot.
 */
export function strategicPatch(target: unknown, patch: unknown, schema: Schema | undefined): unknown {
  if (!isFields(patch)) return patch;
  const directive = patch["$patch"];
  if (directive === "replace") {
    const { $patch: _, ...rest } = patch;
    return rest;
  }
  if (directive === "delete") return undefined;
  const result: Fields = isFields(target) ? { ...target } : {};
  const retained = patch["$retainKeys"];
  if (Array.isArray(retained)) {
    for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === "$patch" || key === "$retainKeys" || key.startsWith(elementOrder)) continue;
    if (key.startsWith(deleteList)) {
      const field = key.slice(deleteList.length);
      const gone = value as unknown[];
      const list = result[field];
      if (Array.isArray(list)) result[field] = list.filter((item) => !gone.some((other) => sameJson(item, other)));
      continue;
    }
    if (value === null) delete result[key];
    else assign(result, key, patchField(result[key], value, rawProperty(schema, key)));
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(elementOrder) || !Array.isArray(order)) continue;
    const field = key.slice(elementOrder.length);
    const list = result[field];
    if (Array.isArray(list)) result[field] = reorder(list, order, mergeKey(rawProperty(schema, field)));
  }
  return result;
}

function assign(result: Fields, key: string, value: unknown): void {
  if (value === undefined) delete result[key];
  else result[key] = value;
}

/** The property itself, because merge keys stand beside a reference, not behind it. */
function rawProperty(schema: Schema | undefined, key: string): Schema | undefined {
  return schema?.properties?.[key] ?? fieldSchema(schema, key);
}

const mergeKey = (property: Schema | undefined): string | undefined => property?.["x-kubernetes-patch-merge-key"];

function patchField(target: unknown, value: unknown, property: Schema | undefined): unknown {
  const strategy = property?.["x-kubernetes-patch-strategy"] ?? "";
  if (Array.isArray(value)) {
    if (!strategy.includes("merge")) return value;
    const key = mergeKey(property);
    const live = Array.isArray(target) ? target : [];
    if (key === undefined) return [...live, ...value.filter((item) => !live.some((other) => sameJson(item, other)))];
    return patchItems(live, value, key, resolve(property?.items));
  }
  if (strategy === "replace") return value;
  return strategicPatch(target, value, resolve(property));
}

function patchItems(live: unknown[], patch: unknown[], key: string, items: Schema | undefined): unknown[] {
  if (patch.some((item) => isFields(item) && item["$patch"] === "replace")) {
    return patch.filter((item) => !(isFields(item) && item["$patch"] === "replace"));
  }
  let result = [...live];
  const isSame = (a: unknown, b: unknown) => isFields(a) && isFields(b) && sameJson(a[key], b[key]);
  for (const item of patch) {
    if (isFields(item) && item["$patch"] === "delete") {
      result = result.filter((other) => !isSame(other, item));
      continue;
    }
    const place = result.findIndex((other) => isSame(other, item));
    if (place < 0) result.push(strategicPatch({}, item, items));
    else result[place] = strategicPatch(result[place], item, items);
  }
  return result;
}

/** Items named in the order come in that order; others stay after what they followed. */
function reorder(list: unknown[], order: unknown[], key: string | undefined): unknown[] {
  const idOf = (item: unknown) => JSON.stringify(key !== undefined && isFields(item) ? item[key] : item);
  const places = new Map(order.map((item, index) => [idOf(item), index]));
  const named = list.filter((item) => places.has(idOf(item)));
  named.sort((a, b) => (places.get(idOf(a)) as number) - (places.get(idOf(b)) as number));
  let next = 0;
  return list.map((item) => (places.has(idOf(item)) ? named[next++] : item));
}
