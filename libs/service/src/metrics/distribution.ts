import type { Sample } from "./metric.ts";

/** Counts of values by upper bound, in plain fields: an observation adds numbers, and a scrape reads them. */
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

  /** As the series of a histogram. */
  *samples(name: string, labels: Sample["labels"]): Iterable<Sample> {
    let below = 0;
    for (const [at, bound] of this.bounds.entries()) {
      below += this.counts[at] ?? 0;
      yield { metricName: `${name}_bucket`, labels, more: le(bound), value: below };
    }
    yield { metricName: `${name}_bucket`, labels, more: infinite, value: this.count };
    yield { metricName: `${name}_sum`, labels, value: this.sum };
    yield { metricName: `${name}_count`, labels, value: this.count };
  }
}

const infinite = { le: "+Inf" };
const bounds = new Map<number, { readonly le: number }>();

/** The same object for the same bound, however many series have it. */
function le(bound: number): { readonly le: number } {
  const known = bounds.get(bound) ?? { le: bound };
  bounds.set(bound, known);
  return known;
}

/** In seconds; for the time that HTTP exchanges take. */
export const durationBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;
