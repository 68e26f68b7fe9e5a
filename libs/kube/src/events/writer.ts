import { coreEvents, events } from "../resources/builtin.ts";
import type { Client } from "../transport/client.ts";
import { KubeError } from "../transport/kube-error.ts";
import { nameOf } from "./correlator.ts";
import { coreEventOf, countOf, eventOf, namespaceOf, type Occurrence, type Reporter, seriesOf } from "./event.ts";

/** Both are the same objects on the server. `v1` has `source` and `count`, where upstream's consumers look for them. */
export type EventApi = "events.k8s.io/v1" | "v1";

const callTimeoutMs = 10_000;

/** Brings the server's copy of an event up to date. */
export function createEventWriter(client: Client, reporter: Reporter, api: EventApi) {
  /** The counts the server knows. */
  const written = new WeakMap<Occurrence, number>();

  async function create(occurrence: Occurrence, signal: AbortSignal): Promise<void> {
    const options = { signal, timeoutMs: callTimeoutMs, maxTries: 1 };
    try {
      if (api === "v1") await client.create(coreEvents, coreEventOf(occurrence, reporter), options);
      else await client.create(events, eventOf(occurrence, reporter), options);
    } catch (error) {
      // Its name is ours alone: the first try arrived, only its answer did not.
      if (!(error instanceof KubeError && error.isAlreadyExists)) throw error;
    }
  }

  async function count(occurrence: Occurrence, signal: AbortSignal): Promise<void> {
    const ref = { namespace: namespaceOf(occurrence.about), name: occurrence.name };
    const contentType = "application/merge-patch+json" as const;
    const options = { contentType, signal, timeoutMs: callTimeoutMs, maxTries: 1 };
    try {
      if (api === "v1") await client.patch(coreEvents, ref, countOf(occurrence), options);
      else await client.patch(events, ref, seriesOf(occurrence), options);
    } catch (error) {
      if (!(error instanceof KubeError && error.isNotFound)) throw error;
      // The server forgets events after an hour, even those that go on.
      occurrence.name = nameOf(occurrence.about, occurrence.lastMs);
      await create(occurrence, signal);
    }
  }

  return {
    /** It happened more often than the server knows. */
    isBehind: (occurrence: Occurrence): boolean => (written.get(occurrence) ?? 0) < occurrence.count,
    /** Returns true when it counted up an event that was there. */
    async write(occurrence: Occurrence, signal: AbortSignal): Promise<boolean> {
      const known = written.has(occurrence);
      const upTo = occurrence.count;
      await (known ? count : create)(occurrence, signal);
      written.set(occurrence, upTo);
      return known;
    },
  };
}
