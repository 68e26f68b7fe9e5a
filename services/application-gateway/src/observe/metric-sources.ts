import type { ApiEntry } from "../entries/api-entry.ts";
import { type EntryStats, labelsOf } from "./entry-stats.ts";

// Entries that clash have the same labels, and a scrape must not hold the same series twice.

/** The counts of requests that named no API, and of all entries that were ever called. */
export function usedStats(unmatched: EntryStats, entries: Iterable<ApiEntry>): Iterable<EntryStats> {
  const used = new Set([unmatched]);
  for (const { stats } of entries) if (stats !== undefined) used.add(stats);
  return used;
}

/** When the client certificates of entries expire; the first to do so where entries clash. */
export function certificateExpiry(
  entries: Iterable<ApiEntry>,
): Iterable<{ labels: EntryStats["labels"]; expiresAt: number }> {
  const expiries = new Map<string, { labels: EntryStats["labels"]; expiresAt: number }>();
  for (const { candidate, state } of entries) {
    const expiresAt = state.api?.credential.clientCertificate?.expiresAt;
    if (expiresAt === undefined) continue;
    const labels = labelsOf(candidate);
    const key = Object.values(labels).join("/");
    if (expiresAt < (expiries.get(key)?.expiresAt ?? Number.POSITIVE_INFINITY))
      expiries.set(key, { labels, expiresAt });
  }
  return expiries.values();
}
