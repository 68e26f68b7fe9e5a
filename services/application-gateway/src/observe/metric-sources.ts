import type { ApiEntry } from "../entries/api-entry.ts";
import type { CircuitState } from "../resilience/circuit-breaker.ts";
import { type EntryStats, labelsOf } from "./entry-stats.ts";
import type { ApiValue } from "./metrics.ts";

// Entries that clash have the same labels, and a scrape must not hold the same series twice.

/** The counts of requests that named no API, and of all entries that were ever called. */
export function usedStats(unmatched: EntryStats, entries: Iterable<ApiEntry>): Iterable<EntryStats> {
  const used = new Set([unmatched]);
  for (const { stats } of entries) if (stats !== undefined) used.add(stats);
  return used;
}

/** One value of each entry that has one; the least where entries clash. */
export function leastOf(
  entries: Iterable<ApiEntry>,
  read: (entry: ApiEntry) => number | undefined,
): Iterable<ApiValue> {
  const values = new Map<string, ApiValue>();
  for (const entry of entries) {
    const value = read(entry);
    if (value === undefined) continue;
    const labels = labelsOf(entry.candidate);
    const key = Object.values(labels).join("/");
    if (value < (values.get(key)?.value ?? Number.POSITIVE_INFINITY)) values.set(key, { labels, value });
  }
  return values.values();
}

/** When the client certificate expires, in ms since the epoch. */
export function certificateExpiry({ state }: ApiEntry): number | undefined {
  return state.api?.credential.clientCertificate?.expiresAt;
}

/** Until when the token is used, in ms since the epoch. */
export function tokenExpiry({ state }: ApiEntry): number | undefined {
  return state.api?.tokens?.state?.expiresAt;
}

const circuitNumbers: Record<CircuitState, number> = { closed: 0, "half-open": 1, open: 2 };

/** Of entries that were called: a circuit that nobody uses is closed. */
export function circuitNumber({ state, stats }: ApiEntry): number | undefined {
  const circuit = state.api?.circuit;
  return stats === undefined || circuit === undefined ? undefined : circuitNumbers[circuit.state];
}
