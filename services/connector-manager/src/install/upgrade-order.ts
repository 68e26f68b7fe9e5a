import { isRolledOut, type Workload, wasObserved } from "./readiness.ts";

export interface Change {
  name: string;
  /** Undefined when it is to be made. */
  live: Workload | undefined;
  /** Its pods would be replaced. */
  replaces: boolean;
}

export interface Order {
  /** What stays as it is for now. */
  held: readonly string[];
  /** What those wait for. */
  waitsFor: string | undefined;
}

/**
 * Pods are replaced one workload after the other, each when those before it do their work again: what is broken in a new
 * release breaks one of them, and its old pods go on serving. What does not exist yet, or never ran, waits for nobody.
 */
export function orderOf(changes: readonly Change[]): Order {
  const held: string[] = [];
  let waitsFor: string | undefined;
  for (const { name, live, replaces } of changes) {
    if (live === undefined) continue;
    if (waitsFor !== undefined && replaces) {
      held.push(name);
      continue;
    }
    if (wasObserved(live) && (replaces || !isRolledOut(live))) waitsFor ??= name;
  }
  return { held, waitsFor: held.length > 0 ? waitsFor : undefined };
}
