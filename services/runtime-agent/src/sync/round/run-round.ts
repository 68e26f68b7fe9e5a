import { createDirector, directorCall, type PageSize } from "@application-connector/ucl";
import type { LiveApplication } from "../live/live-application.ts";
import type { MappingSettings } from "../mapping/map-application.ts";
import { NameConflictError, type NameConflictPolicy } from "../names/resolve-names.ts";
import type { Problem } from "../problem.ts";
import type { ApplicationRecord } from "../records/record.ts";
import * as conditions from "../report/conditions.ts";
import { reportRuntimeLabels } from "../report/runtime-labels.ts";
import type { Round, RoundOutcome } from "../synchroniser.ts";
import type { Applied } from "./apply-records.ts";
import { ClusterStateError } from "./cluster-state.ts";
import { isTooMany } from "./deletions.ts";
import { type DesiredState, readDesiredState } from "./desired-state.ts";

export interface RoundContext {
  readonly pageSize: PageSize;
  readonly live: { list(): readonly LiveApplication[]; get(name: string): LiveApplication | undefined };
  readonly earlier: () => ReadonlyMap<string, ApplicationRecord>;
  readonly mapping: MappingSettings;
  readonly conflicts: NameConflictPolicy;
  readonly guardPercent: number;
  readonly urls: { readonly events: string; readonly console: string };
  readonly onRestart: (reason: string) => void;
  readonly clusterIsKnown: () => Promise<void>;
  /** From now on this is what the cluster should look like. */
  readonly adopt: (state: DesiredState) => void;
  readonly apply: (records: ReadonlyMap<string, ApplicationRecord>) => Promise<Applied>;
  /** Returns what could not be deleted, and why, by name. */
  readonly remove: (doomed: readonly LiveApplication[]) => Promise<ReadonlyMap<string, Problem>>;
  /** Tells Applications that stay although they are not as UCL describes them; returns those that nobody wants, and why. */
  readonly tellOthers: (state: DesiredState) => Promise<ReadonlyMap<string, Problem>>;
  /** In place of all writes. */
  readonly plan: ((state: DesiredState) => Promise<RoundOutcome["conditions"]>) | undefined;
  readonly done: (totals: RoundTotals) => Promise<void>;
}

export interface RoundTotals {
  readonly state: DesiredState;
  readonly applied: Applied;
  readonly deleted: number;
  readonly problems: ReadonlyMap<string, Problem>;
}

/** Reads what UCL wants, applies it, and tells UCL the runtime's URLs: the first step that fails ends it. */
export async function runRound(context: RoundContext, round: Round): Promise<RoundOutcome> {
  const { signal, requestId } = round;
  const { runtimeId } = round.director;
  const call = directorCall({ ...round.director, requestId });
  const director = createDirector({ call, runtimeId, pageSize: context.pageSize });
  const { live, mapping, conflicts, onRestart, clusterIsKnown: ready } = context;
  let state: DesiredState;
  try {
    const earlier = context.earlier();
    state = await readDesiredState({ director, live, earlier, mapping, conflicts, onRestart, ready, signal });
  } catch (thrown) {
    signal.throwIfAborted();
    const error = asError(thrown);
    if (isRefusal(error)) return { result: "apply-refused", error, conditions: [conditions.refused(error)] };
    return { result: "fetch-failed", error, conditions: [conditions.notFetched(error)] };
  }
  const fetched = conditions.fetched(state.records.size + state.unapplied.size, state.pages);
  if (context.plan !== undefined)
    return { result: "synchronized", conditions: [fetched, ...(await context.plan(state))] };
  let applied: RoundOutcome["conditions"][number];
  try {
    applied = await applyState(context, round, state);
  } catch (thrown) {
    signal.throwIfAborted();
    const error = asError(thrown);
    return { result: "apply-refused", error, conditions: [fetched, conditions.refused(error)] };
  }
  try {
    await reportRuntimeLabels(director, state.labels, context.urls, signal);
    return { result: "synchronized", conditions: [fetched, applied, conditions.reported] };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = asError(thrown);
    return { result: "labels-failed", error, conditions: [fetched, applied, conditions.notReported(error)] };
  }
}

async function applyState(context: RoundContext, { isAskedFor }: Round, state: DesiredState) {
  const managed = context.live.list().filter(({ isManaged }) => isManaged).length;
  const isHeldBack = !isAskedFor && isTooMany(state.doomed.length, managed, context.guardPercent);
  context.adopt(state);
  const applied = await context.apply(state.records);
  // After the others: a Secret that another Application takes over must not go with the one it belonged to.
  const doomed = isHeldBack ? [] : state.doomed;
  const undeleted = await context.remove(doomed);
  const stays = await context.tellOthers(state);
  const problems = new Map([...state.unapplied, ...stays, ...applied.problems, ...undeleted]);
  await context.done({ state, applied, deleted: doomed.length - undeleted.size, problems });
  const desired = state.records.size + state.unapplied.size;
  return conditions.applied({ desired, problems, heldBack: isHeldBack ? state.doomed.length : 0, managed });
}

const isRefusal = (error: Error): boolean => error instanceof NameConflictError || error instanceof ClusterStateError;
const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
