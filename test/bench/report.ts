import { ratio, type Series } from "./measure.ts";
import type { Budget, Scenario } from "./scenarios/scenario.ts";

export interface Verdict extends Budget {
  /** Against the peer, or the figure itself. */
  readonly value: number;
  readonly met: boolean;
  readonly reachesAim: boolean;
}

export interface Result {
  readonly scenario: string;
  readonly title: string;
  readonly lessIsBetter: boolean;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly verdicts: readonly Verdict[];
}

export function judge(scenario: Scenario, series: readonly Series[]): Result {
  const subject = series.find(({ name }) => name === scenario.subject);
  const lessIsBetter = scenario.lessIsBetter === true;
  const verdicts = scenario.budgets.flatMap((budget: Budget): Verdict[] => {
    const peer = series.find(({ name }) => name === budget.peer);
    if (!subject || (budget.peer !== undefined && !peer)) return [];
    const value = peer ? ratio(subject, peer).median : subject.median;
    const isWithin = (limit: number): boolean => (lessIsBetter ? value <= limit : value >= limit);
    return [{ ...budget, value, met: isWithin(budget.must), reachesAim: isWithin(budget.aim) }];
  });
  return { scenario: scenario.name, title: scenario.title, lessIsBetter, unit: scenario.unit, series, verdicts };
}

/** What `--assert` fails for. */
export const isMissed = ({ met, isInformative }: Verdict): boolean => !met && isInformative !== true;

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));

/** The table of one scenario as a person reads it. */
export function printed(scenario: Scenario, result: Result): string {
  const { series, verdicts } = result;
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
  return [
    `${scenario.name}: ${scenario.title}`,
    line(header),
    ...rows.map(line),
    ...details,
    ...verdicts.map((verdict) => `  ${told(result, verdict)}`),
    "",
  ].join("\n");
}

function told({ unit, lessIsBetter }: Result, verdict: Verdict): string {
  const { peer, value, must, aim } = verdict;
  const sign = lessIsBetter ? "≤" : "≥";
  const what = peer === undefined ? `${digits(value)} ${unit}` : `${value.toFixed(2)} × ${peer}`;
  return `${word(verdict)} ${what}, must ${sign} ${must}, aim ${sign} ${aim}`;
}

function word(verdict: Verdict): string {
  if (verdict.reachesAim) return "aim   ";
  if (verdict.met) return "must  ";
  return isMissed(verdict) ? "MISSED" : "told  ";
}

/** One line for each budget of the run: whether the aim is reached, at least the must, or not even that. */
export function summary(results: readonly Result[]): string {
  const lines = results.flatMap((result) =>
    result.verdicts.map((verdict) => `  ${told(result, verdict)}: ${result.title}`),
  );
  return ["budgets", ...lines, ""].join("\n");
}
