import { Distribution, durationBounds } from "@application-connector/service";
import type { Candidate } from "../entries/candidate.ts";

export type Origin = "gateway" | "target";

/** What a call is counted and logged under. */
export type Labels = {
  readonly application: string;
  readonly service: string;
  readonly entry: string;
};

/** Counts under one set of labels, in plain fields: a request adds numbers, and the registry reads them when it is scraped. */
export class EntryStats {
  readonly labels: Labels;
  /** By final status; negative keys are answers of the gateway itself. */
  readonly answers = new Map<number, number>();
  readonly request = new Distribution(durationBounds);
  readonly target = new Distribution(durationBounds);
  /** Calls that were sent again, by why. */
  readonly retries = new Map<string, number>();
  /** Requests for tokens, made by calls of this API; there are none before the first. */
  tokens: FetchCounts | undefined;
  csrf: FetchCounts | undefined;
  inFlight = 0;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  count(status: number, origin: Origin): void {
    const key = origin === "gateway" ? -status : status;
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
  }

  retried(reason: string): void {
    this.retries.set(reason, (this.retries.get(reason) ?? 0) + 1);
  }

  fetched(kind: "tokens" | "csrf", succeeded: boolean, durationMs: number): void {
    this[kind] ??= new FetchCounts();
    if (succeeded) this[kind].succeeded++;
    else this[kind].failed++;
    this[kind].durations.observe(durationMs / 1000);
  }
}

export class FetchCounts {
  succeeded = 0;
  failed = 0;
  readonly durations = new Distribution(durationBounds);
}

export function labelsOf({ application, serviceSegment, entrySegment }: Candidate): Labels {
  return { application, service: serviceSegment, entry: entrySegment };
}
