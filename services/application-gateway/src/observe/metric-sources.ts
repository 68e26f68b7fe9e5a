import type { ApiEntry } from "../entries/api-entry.ts";
import { type EntryStats, labelsOf } from "./entry-stats.ts";

/** The counts of requests that named no API, and of all entries that were ever called. */
export function* usedStats(unmatched: EntryStats, entries: Iterable<ApiEntry>): Iterable<EntryStats> {
  yield unmatched;
  for (const { stats } of entries) if (stats !== undefined) yield stats;
}

/** When the client certificates of entries expire. */
export function* certificateExpiry(
  entries: Iterable<ApiEntry>,
): Iterable<{ labels: EntryStats["labels"]; expiresAt: number }> {
  for (const { candidate, state } of entries) {
    const certificate = state.api?.credential.clientCertificate;
    if (certificate !== undefined) yield { labels: labelsOf(candidate), expiresAt: certificate.expiresAt };
  }
}
