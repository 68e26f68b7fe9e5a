import type { Registry } from "prom-client";
import type { Metric } from "./metric.ts";

/** Metric families as a Markdown table for a reference page. */
export function metricsTable(metrics: Iterable<Metric>): string {
  return ["| Metric | Type | Labels | Meaning |", "|---|---|---|---|", ...[...metrics].map(row), ""].join("\n");
}

/** The families that are registered, in order of their names. */
export function metricsIn(registry: Registry): Metric[] {
  return registry
    .getMetricsAsArray()
    .map((metric) => {
      // Every metric of prom-client has them; its types keep them to itself.
      const { labelNames = [] } = metric as { labelNames?: readonly string[] };
      return { name: metric.name, type: String(metric.type) as Metric["type"], labels: labelNames, help: metric.help };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function row({ name, type, labels, help }: Metric): string {
  const cells = [`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(", ") || "–", help];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}
