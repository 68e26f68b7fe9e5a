import type { ApiEntry } from "../entries/api-entry.ts";
import type { CircuitState } from "../resilience/circuit-breaker.ts";
import type { Labels } from "./entry-stats.ts";
import type { ApiValue } from "./metrics.ts";

/**
 * One value for each set of labels, of the entries that have one: where several have the same labels (those that clash, or
 * all of an Application when no more is asked for) `choose` says which counts.
 */
export function valuesOf(
  entries: Iterable<ApiEntry>,
  read: (entry: ApiEntry) => number | undefined,
  labelsOf: (entry: ApiEntry) => Labels,
  choose: (a: number, b: number) => number,
): Iterable<ApiValue> {
  const values = new Map<string, ApiValue>();
  for (const entry of entries) {
    const value = read(entry);
    if (value === undefined) continue;
    const labels = labelsOf(entry);
    const key = `${labels.application}/${labels.service}/${labels.entry}`;
    const known = values.get(key);
    values.set(key, { labels, value: known === undefined ? value : choose(known.value, value) });
  }
  return values.values();
}

/** When the client certificate expires, in ms since the epoch. */
export function certificateExpiry({ state }: ApiEntry): number | undefined {
  return state.api?.credential.clientCertificate?.expiresAt;
}

/** Until when the token is used, in ms since the epoch. Where each user has one there is none that counts. */
export function tokenExpiry({ state }: ApiEntry): number | undefined {
  if (state.api?.credential.userOf !== undefined) return undefined;
  return state.api?.tokens?.state?.expiresAt;
}

const circuitNumbers: Record<CircuitState, number> = { closed: 0, "half-open": 1, open: 2 };

/** Of entries that were called: a circuit that nobody uses is closed. */
export function circuitNumber({ state, stats }: ApiEntry): number | undefined {
  const circuit = state.api?.circuit;
  return stats === undefined || circuit === undefined ? undefined : circuitNumbers[circuit.state];
}
