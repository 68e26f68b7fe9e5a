import type { KubeObject } from "../resources/types.ts";

/** How an object on the server compares with what we would apply. */
export type AppliedState =
  /** We own exactly these fields, and they have these values: applying would change nothing. */
  | "same"
  /** We own exactly these fields, but some value looks different; the server may have written it in its own way. */
  | "values differ"
  /** There is a field that we don't own, or one we own and no longer want. */
  | "fields differ"
  /** The object carries no managedFields, or none for us. */
  | "unknown";

export interface AppliedStateOptions {
  fieldManager: string;
  subresource?: string | undefined;
  /** In which version of the API it would be applied: in another one the same fields may have other names. */
  apiVersion: string;
}

/**
 * Compares without knowing the schema: managedFields say which lists are maps, sets or one piece. Where they leave a
 * doubt the answer is "differ", which costs a call that changes nothing; never the other way round.
 *
 * Fields the server removes from what is applied (`stringData` of a Secret, `status` outside of `/status`) are never
 * owned: who sends them gets "fields differ" each time, and relies on the applier's memory of what it applied.
 */
export function appliedState(live: unknown, desired: unknown, options: AppliedStateOptions): AppliedState {
  const entry = entryOf(live as KubeObject, options);
  if (entry?.fieldsV1 === undefined) return "unknown";
  const wanted = ownable(desired as KubeObject);
  if (entry.apiVersion !== options.apiVersion) return "fields differ";
  return worst(compareMap(wanted, live as Fields, entry.fieldsV1 as Fields));
}

type Fields = Record<string, unknown>;
type Verdict = "same" | "values differ" | "fields differ";

function entryOf(live: KubeObject, { fieldManager, subresource = "" }: AppliedStateOptions) {
  return live.metadata.managedFields?.find(
    (entry) =>
      entry.manager === fieldManager && entry.operation === "Apply" && (entry.subresource ?? "") === subresource,
  );
}

const identity = new Set([
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "managedFields",
  "selfLink",
]);

/** What of an object can be owned: everything but what says which object it is. */
export function ownable({ apiVersion: _, kind: __, metadata, ...rest }: KubeObject): Fields {
  const kept = Object.entries(metadata).filter(([name, value]) => !identity.has(name) && value !== undefined);
  return kept.length === 0 ? rest : { metadata: Object.fromEntries(kept), ...rest };
}

function compare(desired: unknown, live: unknown, owned: Fields): Verdict[] {
  const below = elementsOf(owned);
  // One piece for its owner, however deep it is.
  if (below.length === 0) return [sameJson(live, desired) ? "same" : "values differ"];
  if (Array.isArray(desired)) {
    if (!Array.isArray(live)) return ["values differ"];
    return below[0]?.startsWith("v:") ? compareSet(desired, live, below) : compareList(desired, live, owned, below);
  }
  return isFields(desired) ? compareMap(desired, live, owned) : ["fields differ"];
}

function compareMap(desired: Fields, live: unknown, owned: Fields): Verdict[] {
  const names = Object.keys(desired).filter((name) => desired[name] !== undefined);
  const below = elementsOf(owned);
  if (names.length !== below.length || names.some((name) => !isFields(owned[`f:${name}`]))) return ["fields differ"];
  if (!isFields(live)) return ["values differ"];
  return names.flatMap((name) => compare(desired[name], live[name], owned[`f:${name}`] as Fields));
}

function compareSet(desired: readonly unknown[], live: readonly unknown[], below: readonly string[]): Verdict[] {
  const values = new Set(desired.map((value) => `v:${JSON.stringify(value)}`));
  if (values.size !== below.length || below.some((element) => !values.has(element))) return ["fields differ"];
  return [inOrder(desired.map((value) => live.indexOf(value))) ? "same" : "values differ"];
}

function compareList(
  desired: readonly unknown[],
  live: readonly unknown[],
  owned: Fields,
  below: readonly string[],
): Verdict[] {
  if (desired.length !== below.length) return ["fields differ"];
  const free = new Map(below.map((element) => [element, keysOf(element)]));
  const places: number[] = [];
  const verdicts = desired.flatMap((item): Verdict[] => {
    const found = [...free].find(([, keys]) => keys && isFields(item) && hasKeys(item, keys));
    if (!found?.[1] || !isFields(item)) return ["fields differ"];
    const [element, keys] = found as [string, Fields];
    free.delete(element);
    const place = live.findIndex((other) => isFields(other) && hasKeys(other, keys));
    places.push(place);
    return place < 0 ? ["values differ"] : compareMap(item, live[place], owned[element] as Fields);
  });
  return inOrder(places) ? verdicts : [...verdicts, "values differ"];
}

/** A key may be left out where the server has a default for it (`protocol` of a port). */
const hasKeys = (item: Fields, keys: Fields): boolean =>
  Object.entries(keys).every(([name, value]) => item[name] === undefined || item[name] === value);

function keysOf(element: string): Fields | undefined {
  if (!element.startsWith("k:")) return undefined;
  const keys: unknown = JSON.parse(element.slice(2));
  return isFields(keys) ? keys : undefined;
}

/** Lists keep the order in which they are applied. */
const inOrder = (places: readonly number[]): boolean =>
  places.every((place, index) => place >= 0 && (index === 0 || place > (places[index - 1] ?? 0)));

/** The same JSON. A value the server completed is another one: which of its parts are ours nothing says. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b)) return false;
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isFields(a) || !isFields(b)) return a === b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameJson(a[name], b[name]));
}

const elementsOf = (owned: Fields): string[] => Object.keys(owned).filter((element) => element !== ".");

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("fields differ")) return "fields differ";
  return verdicts.includes("values differ") ? "values differ" : "same";
}
