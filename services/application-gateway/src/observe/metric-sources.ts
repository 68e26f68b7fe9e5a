import type { ApiEntry } from "../entries/api-entry.ts";
import { type EntryStats, labelsOf } from "./entry-stats.ts";
import type { Expiry } from "./metrics.ts";

// Entries that clash have the same labels, and a scrape must not hold the same series twice.

/** The counts of requests that named no API, and of all entries that were ever called. */
export function usedStats(unmatched: EntryStats, entries: Iterable<ApiEntry>): Iterable<EntryStats> {
  const used = new Set([unmatched]);
  for (const { stats } of entries) if (stats !== undefined) used.add(stats);
  return used;
}

/** When something of an entry expires; the first to do so where entries clash. */
export function expiriesOf(
  entries: Iterable<ApiEntry>,
  expiryOf: (entry: ApiEntry) => number | undefined,
): Iterable<Expiry> {
  const expiries = new Map<string, Expiry>();
  for (const entry of entries) {
    const expiresAt = expiryOf(entry);
    if (expiresAt === undefined) continue;
    const labels = labelsOf(entry.candidate);
    const key = Object.values(labels).join("/");
    if (expiresAt < (expiries.get(key)?.expiresAt ?? Number.POSITIVE_INFINITY))
      expiries.set(key, { labels, expiresAt });
  }
  return expiries.values();
}
