import type { ApiEntry } from "../entries/api-entry.ts";
import { EntryStats, type Labels, labelsOf } from "./entry-stats.ts";

/** What calls are counted under: each API, each Application, or all together. */
export type Detail = "entry" | "application" | "none";

/** What calls that name no API are logged and counted under. */
export const nobody: Labels = { application: "", service: "", entry: "" };

/** Whose counts a call belongs to. */
export class StatsBook {
  /** Of requests that named no API. */
  readonly unmatched = new EntryStats(nobody);
  readonly #detail: Detail;
  readonly #ofApplications = new Map<string, EntryStats>();

  constructor(detail: Detail) {
    this.#detail = detail;
  }

  /** The counts of an entry. They outlive changes of its Application, as long as the entry keeps its path. */
  of(entry: ApiEntry): EntryStats {
    this.labelsOf(entry);
    entry.stats ??= this.#make(entry);
    return entry.stats;
  }

  labelsOf(entry: ApiEntry): Labels {
    entry.labels ??= labelsOf(entry.candidate);
    return entry.labels;
  }

  /** The labels of its series. */
  seriesOf(entry: ApiEntry): Labels {
    if (this.#detail === "none") return nobody;
    const labels = entry.labels ?? labelsOf(entry.candidate);
    return this.#detail === "entry" ? labels : { ...nobody, application: labels.application };
  }

  #make(entry: ApiEntry): EntryStats {
    if (this.#detail === "none") return this.unmatched;
    const labels = this.seriesOf(entry);
    if (this.#detail === "entry") return new EntryStats(labels);
    const known = this.#ofApplications.get(labels.application) ?? new EntryStats(labels);
    this.#ofApplications.set(labels.application, known);
    return known;
  }

  /** All that were ever used and still are somebody's. */
  used(entries: Iterable<ApiEntry>): Iterable<EntryStats> {
    const used = new Set([this.unmatched]);
    for (const { stats } of entries) if (stats !== undefined) used.add(stats);
    for (const [application, stats] of this.#ofApplications) {
      if (!used.has(stats)) this.#ofApplications.delete(application);
    }
    return used;
  }
}
