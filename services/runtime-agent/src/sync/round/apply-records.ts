import { setImmediate as otherWork } from "node:timers/promises";
import { concurrently } from "@application-connector/kube";
import type { Problem } from "../problem.ts";
import type { ApplicationRecord } from "../records/record.ts";
import type { Reconciled } from "../writes/reconcile-application.ts";
import { ClusterStateError } from "./cluster-state.ts";

/** What became of all of them. */
export interface Applied {
  created: number;
  updated: number;
  unchanged: number;
  /** By name. */
  readonly problems: Map<string, Problem>;
}

export interface ApplyOptions {
  /** Nothing is to be done: cheap, and without a call. */
  readonly isSettled: (record: ApplicationRecord) => boolean;
  readonly reconcile: (record: ApplicationRecord) => Promise<Reconciled>;
  readonly atOnce: number;
  readonly signal: AbortSignal;
}

/** So many comparisons in one go; whatever else the process does has its turn between two of them. */
const inOneGo = 200;
/** So many failures of the API server in a row mean that all others would fail as well. */
const mostOutages = 20;

/**
 * Brings every Application to what its record says, so many at once. One that fails stops no other; only an API server
 * that answers nobody stops all.
 *
 * @throws {ClusterStateError} when the API server is away
 */
export async function applyRecords(records: Iterable<ApplicationRecord>, options: ApplyOptions): Promise<Applied> {
  const { isSettled, reconcile, atOnce, signal } = options;
  const applied: Applied = { created: 0, updated: 0, unchanged: 0, problems: new Map() };
  let outages = 0;
  const note = (record: ApplicationRecord, { change, problem, isOutage }: Reconciled): void => {
    applied[change === "none" ? "unchanged" : change]++;
    if (problem !== undefined) applied.problems.set(record.name, problem);
    outages = isOutage ? outages + 1 : 0;
    if (outages >= mostOutages) throw new ClusterStateError(`the API server is away: ${problem?.message ?? ""}`);
  };
  await concurrently(unsettled(), atOnce, async (record) => {
    signal.throwIfAborted();
    note(record, await reconcile(record));
  });
  return applied;

  async function* unsettled() {
    let looked = 0;
    for (const record of records) {
      if (++looked % inOneGo === 0) await otherWork();
      if (isSettled(record)) {
        applied.unchanged++;
        if (record.problem !== undefined) applied.problems.set(record.name, record.problem);
      } else yield record;
    }
  }
}
