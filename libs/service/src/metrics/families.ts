import type { Registry } from "prom-client";
import type { Aggregate, Labels } from "./metric.ts";
import { collectedOf, escapedHelp, numberText, seriesText } from "./metrics-text.ts";

/** A metric family as it can be sent to another process. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly aggregate: Aggregate;
  /** What stands before the number in a line, and the number. */
  readonly series: [string, number][];
}

/** All of a registry's families, read now. */
export async function familiesOf(registry: Registry): Promise<Family[]> {
  const families: Family[] = [];
  for (const metric of registry.getMetricsAsArray()) {
    const { aggregator = "sum" } = metric as { aggregator?: Aggregate };
    const collected = collectedOf(metric);
    const series: [string, number][] = [];
    if (collected !== undefined) {
      for (const sample of collected.samples()) series.push([seriesText(collected.name, sample), sample.value]);
      const { name, help, type } = collected;
      families.push({ name, help, type, aggregate: aggregator, series });
      continue;
    }
    const { name, help, type, values } = await (metric as unknown as { get(): Promise<Read> }).get();
    for (const value of values) series.push([seriesText(name, value), value.value]);
    families.push({ name, help, type, aggregate: aggregator, series });
  }
  return families;
}

interface Read {
  name: string;
  help: string;
  type: string;
  values: { metricName?: string; labels: Labels; value: number }[];
}

/** Families of several processes as one's. */
export function joinFamilies(all: readonly (readonly Family[])[]): Family[] {
  const joined = new Map<string, { family: Family; values: Map<string, number[]> }>();
  for (const families of all) {
    for (const family of families) {
      const entry = joined.get(family.name) ?? { family, values: new Map<string, number[]>() };
      joined.set(family.name, entry);
      for (const [series, value] of family.series) {
        const values = entry.values.get(series);
        if (values === undefined) entry.values.set(series, [value]);
        else values.push(value);
      }
    }
  }
  return [...joined.values()]
    .filter(({ family }) => family.aggregate !== "omit")
    .map(({ family, values }) => {
      const series = [...values].map(([text, numbers]): [string, number] => [text, joinOf[family.aggregate](numbers)]);
      return { ...family, series };
    });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const joinOf: Record<Aggregate, (values: readonly number[]) => number> = {
  sum,
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  first: (values) => values[0] ?? 0,
  average: (values) => sum(values) / values.length,
  omit: () => 0,
};

/** In Prometheus' text format. */
export function familiesText(families: readonly Family[]): string {
  return families
    .map(({ name, help, type, series }) => {
      const lines = series.map(([text, value]) => `${text} ${numberText(value)}\n`).join("");
      return `# HELP ${name} ${escapedHelp(help)}\n# TYPE ${name} ${type}\n${lines}\n`;
    })
    .join("");
}
