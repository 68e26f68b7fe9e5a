/** Counts of values by upper bound, in plain fields: a request adds numbers, and a scrape reads them. */
export class Distribution {
  readonly bounds: readonly number[];
  readonly counts: number[];
  sum = 0;
  count = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length).fill(0);
  }

  observe(value: number): void {
    this.sum += value;
    this.count++;
    const { bounds, counts } = this;
    for (let at = 0; at < bounds.length; at++) {
      if (value > (bounds[at] as number)) continue;
      counts[at] = (counts[at] as number) + 1;
      return;
    }
  }
}

/** In seconds. */
export const durationBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
export const sizeBounds = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304];
