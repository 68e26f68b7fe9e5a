import { ratio, type Series } from "./measure.ts";
import type { Budget, Scenario } from "./scenarios/scenario.ts";

export interface Verdict extends Budget {
  /** Against the peer, or the figure itself. */
  readonly value: number;
  readonly met: boolean;
}

export interface Result {
  readonly scenario: string;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly verdicts: readonly Verdict[];
}

export function judge(scenario: Scenario, series: readonly Series[]): Result {
  const subject = series.find(({ name }) => name === scenario.subject);
  const verdicts = scenario.budgets.flatMap((budget: Budget): Verdict[] => {
    const peer = series.find(({ name }) => name === budget.peer);
    if (!subject || (budget.peer !== undefined && !peer)) return [];
    const value = peer ? ratio(subject, peer).median : subject.median;
    return [{ ...budget, value, met: scenario.lessIsBetter ? value <= budget.must : value >= budget.must }];
  });
  return { scenario: scenario.name, unit: scenario.unit, series, verdicts };
}

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));

/** The table of one scenario as a person reads it. */
export function printed(scenario: Scenario, { series, verdicts }: Result): string {
  const subject = series.find(({ name }) => name === scenario.subject);
  const rows = series.map((row) => {
    const against = subject && row !== subject ? ratio(subject, row) : undefined;
    return [
      row.name,
      digits(row.median),
      `${digits(Math.min(...row.values))}–${digits(Math.max(...row.values))}`,
      `${row.peakRssMiB.toFixed(0)} MiB`,
      against ? `${against.median.toFixed(2)} (${against.low.toFixed(2)}–${against.high.toFixed(2)})` : "",
    ];
  });
  const header = ["", scenario.unit, "spread", "peak RSS", `${scenario.subject} ÷ it`];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join("   ")}`.trimEnd();
  const details = series.flatMap(({ name, detail }) => (detail ? [`  ${name}: ${detail}`] : []));
  const judged = verdicts.map(({ peer, value, must, aim, met }) => {
    const sign = scenario.lessIsBetter ? "≤" : "≥";
    const what = peer === undefined ? `${digits(value)} ${scenario.unit}` : `${value.toFixed(2)} × ${peer}`;
    return `  ${met ? "ok    " : "MISSED"} ${what}, must ${sign} ${must}, aim ${sign} ${aim}`;
  });
  return [`${scenario.name}: ${scenario.title}`, line(header), ...rows.map(line), ...details, ...judged, ""].join("\n");
}
