import { setImmediate } from "node:timers/promises";
import type { Registry } from "prom-client";
import type { CollectedMetric, Labels, Sample } from "./metric.ts";

/** So much is made in one go; whatever else the process does has its turn between two of them. */
const pieceLength = 32 * 1024;

/**
 * All metrics in Prometheus' text format, piece by piece: of thousands of labels the whole would be tens of megabytes, made
 * while everything else waits.
 */
export async function* metricsText(registry: Registry): AsyncGenerator<string> {
  for (const metric of registry.getMetricsAsArray()) {
    const family = collectedOf(metric);
    if (family === undefined) {
      yield `${await registry.getSingleMetricAsString(metric.name)}\n\n`;
      continue;
    }
    const { name, help, type, samples } = family;
    let piece = `# HELP ${name} ${escapedHelp(help)}\n# TYPE ${name} ${type}\n`;
    for (const sample of samples()) {
      piece += lineOf(name, sample);
      if (piece.length < pieceLength) continue;
      yield piece;
      piece = "";
      await setImmediate();
    }
    yield `${piece}\n`;
  }
}

export const escapedHelp = (help: string): string => help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");

export function collectedOf(metric: object): CollectedMetric | undefined {
  return "samples" in metric ? (metric as CollectedMetric) : undefined;
}

const texts = new WeakMap<Labels, string>();

function lineOf(name: string, sample: Sample): string {
  return `${seriesText(name, sample)} ${numberText(sample.value)}\n`;
}

/** What stands before the number in a line. */
export function seriesText(name: string, { metricName = name, labels, more }: Omit<Sample, "value">): string {
  const common = keptText(labels);
  const own = more === undefined ? "" : textOf(more);
  const all = common === "" || own === "" ? common + own : `${common},${own}`;
  return `${metricName}${all === "" ? "" : `{${all}}`}`;
}

function keptText(labels: Labels): string {
  let text = texts.get(labels);
  if (text === undefined) {
    text = textOf(labels);
    texts.set(labels, text);
  }
  return text;
}

function textOf(labels: Labels): string {
  let text = "";
  for (const name in labels) {
    const value = labels[name];
    text += `${text === "" ? "" : ","}${name}="${typeof value === "string" ? escaped(value) : value}"`;
  }
  return text;
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}

export function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}
