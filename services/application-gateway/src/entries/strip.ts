/** Names of client headers that don't reach the target, in the form that `endToEnd` takes. */
export interface Strip {
  readonly drop: ReadonlySet<string>;
}

const known = new Map<string, Strip>();

/** The same object for the same names: thousands of APIs differ in a handful of ways only. */
export function strip(names: readonly string[]): Strip {
  const key = [...names].sort().join();
  const found = known.get(key) ?? { drop: new Set(names) };
  known.set(key, found);
  return found;
}
