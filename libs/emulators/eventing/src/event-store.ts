import type { CloudEventV1 } from "cloudevents";
import type { HeaderPairs } from "./read-cloud-event.ts";

/** An event that was acknowledged. */
export interface StoredEvent {
  /** 1, 2, 3… in the order of storing. */
  sequence: number;
  receivedAt: Date;
  mode: "binary" | "structured" | "legacy";
  /** The application in the path of a legacy event. */
  application?: string;
  /** NATS subject it would be published on. */
  subject: string;
  id: string;
  source: string;
  /** The type it is stored under, e.g. `kyma.crm.order.created.v1`. */
  type: string;
  /** The type as its sender wrote it. */
  originalType: string;
  /** The stored CloudEvent with all attributes, extensions and data. */
  event: CloudEventV1<unknown>;
  /** Header lines of the request, as received. */
  headers: HeaderPairs;
  /** Body of the request, byte for byte. */
  body: Buffer;
}

export interface EventFilter {
  /** Exact stored or original type, or the begin of one with a `*` behind it. */
  type?: string;
  source?: string;
}

export interface EventStore {
  add(event: Omit<StoredEvent, "sequence" | "receivedAt">): StoredEvent;
  /** Oldest first. */
  list(filter?: EventFilter): StoredEvent[];
  readonly stored: number;
  readonly dropped: number;
  countsByType(): Record<string, number>;
  clear(): void;
  subscribe(listener: (event: StoredEvent) => void): () => void;
}

/** The last acknowledged events, bounded in number and in body bytes. */
export function createEventStore({ maxEvents = 10_000, maxBytes = 64 * 1024 * 1024 } = {}): EventStore {
  const kept = new Map<number, StoredEvent>();
  const listeners = new Set<(event: StoredEvent) => void>();
  let bytes = 0;
  let stored = 0;
  let dropped = 0;

  function dropOldest(): void {
    const [oldest] = kept.values();
    if (oldest === undefined) return;
    kept.delete(oldest.sequence);
    bytes -= oldest.body.length;
    dropped += 1;
  }

  return {
    add(input) {
      stored += 1;
      const event: StoredEvent = { ...input, sequence: stored, receivedAt: new Date() };
      kept.set(event.sequence, event);
      bytes += event.body.length;
      while (kept.size > maxEvents || (bytes > maxBytes && kept.size > 1)) dropOldest();
      for (const listener of listeners) listener(event);
      return event;
    },
    list: (filter = {}) => [...kept.values()].filter((event) => matches(event, filter)),
    get stored() {
      return stored;
    },
    get dropped() {
      return dropped;
    },
    countsByType() {
      const counts = new Map<string, number>();
      for (const { type } of kept.values()) counts.set(type, (counts.get(type) ?? 0) + 1);
      return Object.fromEntries(counts);
    },
    clear() {
      kept.clear();
      bytes = stored = dropped = 0;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function matches(event: StoredEvent, { type, source }: EventFilter): boolean {
  return (
    (source === undefined || event.source === source) &&
    (type === undefined || matchesType(event.type, type) || matchesType(event.originalType, type))
  );
}

function matchesType(type: string, wanted: string): boolean {
  return wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}
