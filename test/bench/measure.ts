import { cpuSeconds, peakRssMiB, type Running, stolenShare } from "./world/processes.ts";

/** What a proxy did while it was loaded. `value` is what the scenario compares: more is better, or less if it says so. */
export interface Sample {
  readonly value: number;
  readonly detail?: string;
}

export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  readonly median: number;
  readonly peakRssMiB: number;
  readonly detail: string | undefined;
}

export type Load = (running: Running) => Promise<Sample>;

/** A load whose value is work per CPU-second of the proxy process: the machine is shared, requests a second say little. */
export function perCpuSecond(work: (running: Running) => Promise<number>): Load {
  return async (running) => {
    const before = cpuSeconds(running.pid);
    const done = await work(running);
    const used = cpuSeconds(running.pid) - before;
    if (used <= 0) throw new Error(`${running.name} used no CPU time that /proc shows; load it longer`);
    return { value: done / used };
  };
}

const tolerance = 0.3;
/** Of the machine's time, that another one on the same host had instead. */
const tolerableTheft = 0.05;

/**
 * Loads the contestants in turn, in a new order each round. A round was disturbed from outside when the reference (the
 * first) is more than 30 % off its own median in it, or when the host had better to do; it is run again, each at most once.
 */
export async function playRounds(contestants: readonly Running[], load: Load, rounds: number): Promise<Series[]> {
  const table: Map<string, Sample>[] = [];
  const robbed: boolean[] = [];
  const play = async (): Promise<Map<string, Sample>> => {
    const samples = new Map<string, Sample>();
    for (const running of shuffled(contestants)) samples.set(running.name, await load(running));
    return samples;
  };
  for (let round = 0; round < rounds; round++) {
    const stolen = stolenShare();
    table.push(await play());
    robbed.push(stolen() > tolerableTheft);
  }

  const reference = contestants[0]?.name ?? "";
  const typical = median(table.map((samples) => samples.get(reference)?.value ?? 0));
  for (const [round, samples] of table.entries()) {
    const value = samples.get(reference)?.value ?? 0;
    if (robbed[round] || Math.abs(value - typical) > tolerance * typical) table[round] = await play();
  }
  return contestants.map(({ name, pid }) => {
    const values = table.map((samples) => samples.get(name)?.value ?? Number.NaN);
    return {
      name,
      values,
      median: median(values),
      peakRssMiB: peakRssMiB(pid),
      detail: table.at(-1)?.get(name)?.detail,
    };
  });
}

/** Median over the rounds of subject ÷ peer of the same round, and how far the rounds were apart. */
export function ratio(subject: Series, peer: Series): { median: number; low: number; high: number } {
  const ratios = subject.values.map((value, round) => value / (peer.values[round] ?? Number.NaN));
  return { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}
