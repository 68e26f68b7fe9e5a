import type { Selection } from "../selectors/selection.ts";
import { Entry } from "../store/entry.ts";
import type { EventType, StoreEvent } from "../store/history.ts";

export interface Change {
  type: EventType;
  entry: Entry;
}

/**
 * What a change of the store means for a watch that only sees chosen objects: an object that stops being chosen is
 * deleted for it, one that starts being chosen is added.
 */
export function changeFor(event: StoreEvent, chosen: Selection | undefined): Change | undefined {
  if (!chosen) return event;
  const before = event.previous !== undefined && chosen(event.previous.object);
  const now = event.type !== "DELETED" && chosen(event.entry.object);
  if (now) return { type: before ? "MODIFIED" : "ADDED", entry: event.entry };
  if (!before || !event.previous) return undefined;
  const last = event.type === "DELETED" ? event.entry : withRevision(event.previous, event.revision);
  return { type: "DELETED", entry: last };
}

/** The last state the watch may see, under the revision at which it lost sight of the object. */
function withRevision({ key, object }: Entry, revision: number): Entry {
  const metadata = { ...object.metadata, resourceVersion: String(revision) };
  return new Entry(key, { ...object, metadata }, revision);
}
