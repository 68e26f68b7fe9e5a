import { isDeepStrictEqual } from "node:util";
import type { BundleEntry } from "../src/bundle/render.ts";
import type { KubernetesObject, Shape } from "../src/bundle/settings.ts";
import { shapes } from "./shapes.ts";

export interface Rendered {
  readonly shape: Shape;
  readonly objects: readonly KubernetesObject[];
}

const names = Object.keys(shapes[0] ?? {}) as (keyof Shape)[];

/** Each object once, with the shapes that have it, in the order of the first shape that has it. */
export function condense(rendered: readonly Rendered[]): Omit<BundleEntry, "needs">[] {
  const having = new Map<string, Shape[]>();
  for (const { shape, objects } of rendered) {
    for (const object of objects) {
      const text = JSON.stringify(object);
      having.set(text, [...(having.get(text) ?? []), shape]);
    }
  }
  return [...having].flatMap(([text, found]) => describe(found).map((when) => ({ when, object: JSON.parse(text) })));
}

/** The shapes as products of values; several when they are not one, taken apart at the first name. */
function describe(found: readonly Shape[], depth = 0): BundleEntry["when"][] {
  const when = Object.fromEntries(names.map((name) => [name, distinct(found.map((shape) => shape[name]))]));
  const product = shapes.filter((shape) => names.every((name) => when[name]?.includes(shape[name])));
  if (product.length === found.length) return [withoutAll(when)];
  const name = names[depth];
  if (name === undefined) throw new Error("shapes that differ in nothing are not the same number");
  return (when[name] ?? []).flatMap((value) =>
    describe(
      found.filter((shape) => shape[name] === value),
      depth + 1,
    ),
  );
}

/** What has all values says nothing. */
function withoutAll(when: BundleEntry["when"]): BundleEntry["when"] {
  const entries = Object.entries(when);
  return Object.fromEntries(
    entries.filter(
      ([name, values]) => !isDeepStrictEqual(values, distinct(shapes.map((shape) => shape[name as keyof Shape]))),
    ),
  );
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
