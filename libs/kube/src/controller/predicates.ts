import type { Change } from "../informer/store.ts";
import type { KubeObject } from "../resources/types.ts";

/** Whether a change is worth a look. */
export type Predicate<T = KubeObject> = (change: Change<T>) => boolean;

/** An update counts when this differs; what appears or goes counts always. */
const updates =
  <T>(differs: (old: T, now: T) => boolean): Predicate<T> =>
  (change) =>
    change.type !== "update" || differs(change.old, change.now);

/** The spec, as far as the server counts its changes. A deletion that begins counts too. */
export const generationChanged: Predicate = updates(
  ({ metadata: old }, { metadata: now }) =>
    old.generation !== now.generation || old.deletionTimestamp !== now.deletionTimestamp,
);

export const labelsChanged: Predicate = updates(
  ({ metadata: old }, { metadata: now }) => !sameTexts(old.labels, now.labels),
);

export const annotationsChanged: Predicate = updates(
  ({ metadata: old }, { metadata: now }) => !sameTexts(old.annotations, now.annotations),
);

/** Something a function reads off the object: `valueChanged((deployment) => deployment.status?.readyReplicas)`. */
export const valueChanged = <T>(read: (object: T) => unknown): Predicate<T> =>
  updates((old, now) => JSON.stringify(read(old)) !== JSON.stringify(read(now)));

/** The status, or the fields of it that are named. */
export const statusChanged = (...fields: readonly string[]): Predicate =>
  valueChanged((object) => {
    const { status } = object as { status?: Record<string, unknown> };
    return fields.length === 0 ? status : fields.map((field) => status?.[field]);
  });

/** Objects of a name, whatever happens to them. */
export const nameIs = (...names: readonly string[]): Predicate => {
  const wanted = new Set(names);
  return (change) => wanted.has(objectOf(change).metadata.name);
};

export const anyOf =
  <T>(...predicates: readonly Predicate<T>[]): Predicate<T> =>
  (change) =>
    predicates.some((predicate) => predicate(change));

/** The object as it is, or as it last was. */
export const objectOf = <T>(change: Change<T>): T => (change.type === "delete" ? change.old : change.now);

function sameTexts(a: Record<string, string> = {}, b: Record<string, string> = {}): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
