import type { Director, Snapshot } from "@application-connector/ucl";
import type { LiveApplication } from "../live/live-application.ts";
import { type MappingSettings, mapApplication } from "../mapping/map-application.ts";
import { namesAreNormalised, normaliseApplicationName } from "../names/application-name.ts";
import { type NameConflictPolicy, resolveNames } from "../names/resolve-names.ts";
import type { Problem } from "../problem.ts";
import { type ApplicationRecord, isSameRecord, recordOf } from "../records/record.ts";
import { unwanted } from "./deletions.ts";

/** What UCL wants, as far as that is sure. */
export interface DesiredState {
  readonly labels: Snapshot<unknown>["labels"];
  /** By name. */
  readonly records: ReadonlyMap<string, ApplicationRecord>;
  /** Applications that cannot be applied, by id. */
  readonly unapplied: ReadonlyMap<string, Problem>;
  /** What goes. */
  readonly doomed: readonly LiveApplication[];
  readonly pages: number;
}

export interface DesiredStateOptions {
  readonly director: Director;
  /** The Applications of the cluster, and one of them. */
  readonly live: { list(): readonly LiveApplication[]; get(name: string): LiveApplication | undefined };
  /** Of the snapshot before: what did not change is kept, so that it stands in memory once. */
  readonly earlier: ReadonlyMap<string, ApplicationRecord>;
  readonly mapping: MappingSettings;
  readonly conflicts: NameConflictPolicy;
  readonly onRestart: (reason: string) => void;
  /** When the cluster's state can be relied on. Awaited when UCL has answered. */
  readonly ready: () => Promise<void>;
  readonly signal: AbortSignal;
}

const mostSnapshots = 3;
/** More deletions than this are confirmed by a second look at everything, not one by one. */
const mostQuestions = 20;

/**
 * Reads what UCL wants. An answer of one page is whole or none; several may have evened out, one application gone and
 * another come, so that what is missing in them is looked for before it goes.
 */
export async function readDesiredState(options: DesiredStateOptions): Promise<DesiredState> {
  const { director, signal } = options;
  let missingBefore: ReadonlySet<string> | undefined;
  for (let snapshots = 1; ; snapshots++) {
    const state = await readOnce(options);
    const { candidates, ...rest } = state;
    const isLast = snapshots === mostSnapshots;
    if (rest.pages === 1) return { ...rest, doomed: candidates };
    const ids = new Set([...rest.records.values()].map(({ id }) => id));
    // Those that have another name now are still there: their old name is not.
    const renamed = candidates.filter(({ applicationId }) => ids.has(applicationId));
    const missing = candidates.filter(({ applicationId }) => !ids.has(applicationId));
    if (missing.length > mostQuestions || missing.some(({ applicationId }) => applicationId === "")) {
      const before = missingBefore;
      if (before !== undefined || isLast) {
        const doomed = missing.filter(({ metadata: { uid = "" } }) => before?.has(uid));
        return { ...rest, doomed: [...renamed, ...doomed] };
      }
      missingBefore = new Set(missing.map(({ metadata: { uid = "" } }) => uid));
      continue;
    }
    const gone: LiveApplication[] = [];
    for (const application of missing) {
      if (missingBefore?.has(application.metadata.uid ?? "")) gone.push(application);
      else if (!(await director.has(application.applicationId, signal))) gone.push(application);
    }
    // What is there after all was shifted out of the pages, and others may have been: they are read anew.
    if (gone.length === missing.length || isLast) return { ...rest, doomed: [...renamed, ...gone] };
  }
}

async function readOnce(options: DesiredStateOptions) {
  const { director, live, earlier, mapping, conflicts, onRestart, ready, signal } = options;
  const byId = new Map([...earlier.values()].map((record) => [record.id, record]));
  const snapshot = await director.snapshot<ApplicationRecord>({
    recall(id, source, labels) {
      const known = byId.get(id);
      const isSame = known?.source === source && known.isNameAsSent === namesAreNormalised(labels);
      return isSame ? known : undefined;
    },
    convert(application, labels, hash) {
      const isNameAsSent = namesAreNormalised(labels);
      const source = { source: hash, isNameAsSent };
      const name = isNameAsSent ? application.name : normaliseApplicationName(application.name);
      const record = recordOf(mapApplication(application, name, mapping), source);
      const known = earlier.get(name);
      return known !== undefined && isSameRecord(known, record) ? { ...known, ...source } : record;
    },
    onRestart,
    signal,
  });
  await ready();
  const { winners, losers } = resolveNames(snapshot.applications, (name) => live.get(name)?.applicationId, conflicts);
  const unapplied = new Map<string, Problem>(losers);
  for (const { id, problem } of snapshot.malformed) {
    unapplied.set(id, {
      reason: "MalformedApplication",
      message: `UCL describes the application ${id} wrongly: ${problem}`,
    });
  }
  const { labels, pages, nameless } = snapshot;
  // With one that has no id, any of those that are missing may be that one.
  const candidates = nameless > 0 ? [] : unwanted(live.list(), winners, unapplied);
  return { labels, pages, records: winners, unapplied, candidates };
}
