import { isDeepStrictEqual } from "node:util";
import { type Fields, isFields } from "./versions.ts";

/**
 * A field that one version says and the other cannot: what it is, and what the other's says in its place. Absent means that
 * there is none.
 */
export interface KeptField {
  readonly path: readonly string[];
  readonly was?: unknown;
  readonly is?: unknown;
}

/** What has to be kept so that `from` can become `to` again. */
export function keptFields(from: Fields, to: Fields, path: readonly string[] = []): KeptField[] {
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names].flatMap((name): KeptField[] => {
    const [was, is] = [from[name], to[name]];
    if (isDeepStrictEqual(was, is)) return [];
    const here = [...path, name];
    return isFields(was) && isFields(is) ? keptFields(was, is, here) : [{ path: here, was, is }];
  });
}

/**
 * Puts back what was kept, where nobody has changed since what stood in its place. What decides together, such as the two
 * switches of the policies, comes back together or not at all.
 */
export function withKeptFields(spec: Fields, kept: readonly KeptField[]): Fields {
  const sections = Map.groupBy(kept, ({ path: [first = ""] }) => first.replace(/Enabled$/, ""));
  let result = spec;
  for (const fields of sections.values()) {
    if (!fields.every(({ path, was }) => isDeepStrictEqual(valueAt(spec, path), was))) continue;
    for (const { path, is } of fields) result = withValue(result, path, is);
  }
  return result;
}

/** Reads what {@link keptFields} said; undefined for whatever somebody else wrote. */
export function readKeptFields(value: unknown): KeptField[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const isField = (field: unknown) =>
    isFields(field) &&
    Array.isArray(field["path"]) &&
    field["path"].length > 0 &&
    field["path"].every((name) => typeof name === "string" && name !== "__proto__");
  return value.every(isField) ? (value as KeptField[]) : undefined;
}

function valueAt(spec: Fields, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    spec,
  );
}

function withValue(spec: Fields, [first = "", ...rest]: readonly string[], value: unknown): Fields {
  const { [first]: before, ...others } = spec;
  const after = rest.length === 0 ? value : withValue(isFields(before) ? before : {}, rest, value);
  return after === undefined ? others : { ...others, [first]: after };
}
