import type { ApiEntry } from "../entries/api-entry.ts";
import type { Candidate } from "../entries/candidate.ts";

/** Bounds in seconds, as Prometheus names them. */
export const durationBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

export type Origin = "gateway" | "target";

/** Counts of one label set, in plain fields: a request adds numbers, and the registry reads them when it is scraped. */
export class EntryStats {
  readonly labels: { readonly application: string; readonly service: string; readonly entry: string };
  /** By final status; negative keys are answers of the gateway itself. */
  readonly answers = new Map<number, number>();
  readonly request = new Durations();
  readonly target = new Durations();
  inFlight = 0;

  constructor(labels: EntryStats["labels"]) {
    this.labels = labels;
  }

  count(status: number, origin: Origin): void {
    const key = origin === "gateway" ? -status : status;
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
  }
}

export class Durations {
  readonly buckets = new Array<number>(durationBounds.length).fill(0);
  sumS = 0;
  count = 0;

  observe(ms: number): void {
    const seconds = ms / 1000;
    this.sumS += seconds;
    this.count++;
    for (let i = 0; i < durationBounds.length; i++) {
      if (seconds <= (durationBounds[i] as number)) {
        this.buckets[i] = (this.buckets[i] as number) + 1;
        return;
      }
    }
  }
}

/** The counts of an entry. They outlive changes of its Application, as long as the entry keeps its path. */
export function statsOf(entry: ApiEntry): EntryStats {
  entry.stats ??= new EntryStats(labelsOf(entry.candidate));
  return entry.stats;
}

export function labelsOf({ application, serviceSegment, entrySegment }: Candidate): EntryStats["labels"] {
  return { application, service: serviceSegment, entry: entrySegment };
}
