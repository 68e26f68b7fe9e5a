import { type Fields, isFields } from "../json.ts";

/**
 * One step of a path as it is written in managedFields: `f:name` (a field), `k:{"name":"x"}` (a list item by its keys),
 * `v:"x"` (a set's item by its value), `i:0` (an item by its place).
 */
export type PathElement = string;

/** A set of paths into an object: what a field manager owns, or what a change touched. */
export class FieldSet {
  readonly members = new Set<PathElement>();
  readonly children = new Map<PathElement, FieldSet>();

  static parse(fields: unknown): FieldSet {
    const set = new FieldSet();
    if (!isFields(fields)) return set;
    for (const [element, below] of Object.entries(fields)) {
      if (element === ".") continue;
      const children = isFields(below) ? Object.keys(below) : [];
      if (children.length === 0 || children.includes(".")) set.members.add(element);
      const child = FieldSet.parse(below);
      if (!child.isEmpty) set.children.set(element, child);
    }
    return set;
  }

  get isEmpty(): boolean {
    if (this.members.size > 0) return false;
    for (const child of this.children.values()) if (!child.isEmpty) return false;
    return true;
  }

  insert(path: readonly PathElement[]): void {
    const last = path.at(-1);
    if (last === undefined) return;
    let target: FieldSet = this;
    for (const element of path.slice(0, -1)) {
      let child = target.children.get(element);
      if (!child) {
        child = new FieldSet();
        target.children.set(element, child);
      }
      target = child;
    }
    target.members.add(last);
  }

  /** The paths below an element; empty when there are none. */
  below(element: PathElement): FieldSet {
    return this.children.get(element) ?? empty;
  }

  union(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const element of [...this.members, ...other.members]) result.members.add(element);
    for (const element of new Set([...this.children.keys(), ...other.children.keys()])) {
      result.#adopt(element, this.below(element).union(other.below(element)));
    }
    return result;
  }

  difference(other: FieldSet): FieldSet {
    return this.#combine(
      other,
      (element) => !other.members.has(element),
      (a, b) => a.difference(b),
    );
  }

  intersection(other: FieldSet): FieldSet {
    return this.#combine(
      other,
      (element) => other.members.has(element),
      (a, b) => a.intersection(b),
    );
  }

  /** Without the paths of `other` and everything below them. */
  without(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const element of this.members) if (!other.members.has(element)) result.members.add(element);
    for (const [element, child] of this.children) {
      if (!other.members.has(element)) result.#adopt(element, child.without(other.below(element)));
    }
    return result;
  }

  /** Every path, in the order in which managedFields are written. */
  *paths(prefix: readonly PathElement[] = []): IterableIterator<PathElement[]> {
    for (const element of this.#elements()) {
      if (this.members.has(element)) yield [...prefix, element];
      yield* this.below(element).paths([...prefix, element]);
    }
  }

  /** As fieldsV1. */
  toFields(): Fields {
    const fields: Fields = {};
    for (const element of this.#elements()) {
      const child = this.below(element);
      if (child.isEmpty) fields[element] = {};
      else fields[element] = this.members.has(element) ? { ".": {}, ...child.toFields() } : child.toFields();
    }
    return fields;
  }

  #elements(): PathElement[] {
    const all = new Set([
      ...this.members,
      ...[...this.children].filter(([, child]) => !child.isEmpty).map(([key]) => key),
    ]);
    return [...all].sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
  }

  #combine(other: FieldSet, keeps: (element: PathElement) => boolean, deeper: (a: FieldSet, b: FieldSet) => FieldSet) {
    const result = new FieldSet();
    for (const element of this.members) if (keeps(element)) result.members.add(element);
    for (const [element, child] of this.children) result.#adopt(element, deeper(child, other.below(element)));
    return result;
  }

  #adopt(element: PathElement, child: FieldSet): void {
    if (!child.isEmpty) this.children.set(element, child);
  }
}

const empty = new FieldSet();
const order = (element: PathElement) => "fkvi".indexOf(element[0] as string);

/** A path as conflicts print it: `.spec.containers[name="app"].image`. */
export function printPath(path: readonly PathElement[]): string {
  return path
    .map((element) => {
      const value = element.slice(2);
      if (element.startsWith("f:")) return `.${value}`;
      if (element.startsWith("v:")) return `[=${value}]`;
      if (element.startsWith("i:")) return `[${value}]`;
      const keys = Object.entries(JSON.parse(value) as Fields);
      return `[${keys.map(([key, item]) => `${key}=${JSON.stringify(item)}`).join(",")}]`;
    })
    .join("");
}
