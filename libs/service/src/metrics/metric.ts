import type { Registry } from "prom-client";

/** What the series of several processes are together. */
export type Aggregate = "sum" | "max" | "min" | "first" | "average" | "omit";

/** A metric family, declared once: collected, and listed in the reference, from here. */
export interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
  readonly help: string;
  /** Of a program's workers. "sum" */
  readonly aggregate?: Aggregate;
}

export type Labels = Readonly<Record<string, string | number>>;

export interface Sample {
  /** Where it differs from the family's: the series of a histogram. */
  readonly metricName?: string;
  /** The same object for all samples of one thing: its text is made once. */
  readonly labels: Labels;
  /** What only this sample has. */
  readonly more?: Labels;
  readonly value: number;
}

/** Reads the samples of a family, of which it is given the name, when somebody scrapes. */
export type Collect = (name: string) => Iterable<Sample>;

export const counter = (name: string, labels: readonly string[], help: string): Metric => ({
  name,
  type: "counter",
  labels,
  help,
});

export const gauge = (name: string, labels: readonly string[], help: string, aggregate?: Aggregate): Metric => ({
  name,
  type: "gauge",
  labels,
  help,
  ...(aggregate === undefined ? {} : { aggregate }),
});

export const histogram = (name: string, labels: readonly string[], help: string): Metric => ({
  name,
  type: "histogram",
  labels,
  help,
});

/**
 * Registers families that are read from plain fields when somebody scrapes, so that what is counted pays for an addition
 * and not for a look-up of labels. Every declared family needs its source. `sources` is asked once per scrape, so that
 * they can share what takes a while to find.
 */
export function collected<K extends string>(
  registry: Registry,
  metrics: Readonly<Record<K, Metric>>,
  sources: () => Readonly<Record<K, Collect>>,
): void {
  const keys = Object.keys(metrics) as K[];
  let current: Readonly<Record<K, Collect>> | undefined;
  const left = new Set<K>();
  /** A family that is asked for again belongs to the next scrape. */
  const sourceOf = (key: K): Collect => {
    if (current === undefined || !left.has(key)) {
      current = sources();
      for (const other of keys) left.add(other);
    }
    const collect = current[key];
    left.delete(key);
    if (left.size === 0) current = undefined;
    return collect;
  };
  for (const key of keys) {
    const { name, help, type, labels, aggregate = "sum" } = metrics[key];
    const metric: CollectedMetric & Record<string, unknown> = {
      name,
      help,
      type,
      labelNames: labels,
      aggregator: aggregate,
      samples: () => sourceOf(key)(name),
      get: async () => {
        const values = [...metric.samples()].map(({ labels: common, more, ...rest }) => ({
          ...rest,
          labels: more === undefined ? common : { ...common, ...more },
        }));
        return { name, help, type, values };
      },
    };
    // The registry asks of a metric only what is here; its type asks for its own classes.
    registry.registerMetric(metric as unknown as Parameters<typeof registry.registerMetric>[0]);
  }
}

/** A family that can be read piece by piece. */
export interface CollectedMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: () => Iterable<Sample>;
}

/** The source of a family that is one number. */
export const reading =
  (read: () => number): Collect =>
  () => [{ labels: none, value: read() }];

const none: Labels = {};
