/** How many elements a header may have, from the client's to that of the last proxy. */
export interface ElementCount {
  readonly min: number;
  readonly max: number;
}

/** The longest chain of proxies that the header's grammar allows. */
const maxElements = 8;

/** Reads `2` or `1-2`, or undefined. */
export function parseElementCount(text: string): ElementCount | undefined {
  const [, least, most] = /^([1-8])(?:-([1-8]))?$/.exec(text) ?? [];
  if (least === undefined) return undefined;
  const [min, max] = [Number(least), Number(most ?? least)];
  return min <= max && max <= maxElements ? { min, max } : undefined;
}
