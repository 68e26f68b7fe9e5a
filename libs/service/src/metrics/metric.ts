import type { Registry } from "prom-client";

/** A metric family, declared once: collected, and listed in the reference, from here. */
export interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
  readonly help: string;
}

export interface Sample {
  /** Where it differs from the family's: the series of a histogram. */
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
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

export const gauge = (name: string, labels: readonly string[], help: string): Metric => ({
  name,
  type: "gauge",
  labels,
  help,
});

export const histogram = (name: string, labels: readonly string[], help: string): Metric => ({
  name,
  type: "histogram",
  labels,
  help,
});

/**
 * Registers families that are read from plain fields when somebody scrapes, so that what is counted pays for an addition
 * and not for a look-up of labels. Every declared family needs its source.
 */
export function collected<K extends string>(
  registry: Registry,
  metrics: Readonly<Record<K, Metric>>,
  sources: Readonly<Record<K, Collect>>,
): void {
  for (const key of Object.keys(metrics) as K[]) {
    const { name, help, type, labels } = metrics[key];
    const collect = sources[key];
    const metric = {
      name,
      help,
      type,
      labelNames: labels,
      aggregator: "sum",
      get: async () => ({ name, help, type, values: [...collect(name)] }),
    };
    // The registry asks of a metric only what is here; its type asks for its own classes.
    registry.registerMetric(metric as unknown as Parameters<typeof registry.registerMetric>[0]);
  }
}

/** The source of a family that is one number. */
export const reading =
  (read: () => number): Collect =>
  () => [{ labels: {}, value: read() }];
