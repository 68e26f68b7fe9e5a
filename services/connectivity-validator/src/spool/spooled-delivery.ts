import { deliverAll } from "../delivery/deliver-all.ts";
import type { DeliverableEvent, Delivery, DeliveryResult } from "../delivery/delivery.ts";
import { readLegacyEvent } from "../legacy/legacy-event.ts";
import { withLegacyId } from "../legacy/legacy-id.ts";
import { classify } from "./classify.ts";
import type { Spool } from "./spool.ts";

/** Whether every event is stored first, or only those that cannot be delivered at once. */
export type SpoolMode = "on-failure" | "always";

export interface SpooledOptions {
  readonly spool: Pick<Spool, "holds" | "storeAll">;
  readonly direct: Delivery;
  readonly mode: SpoolMode;
  /** Told of attempts whose result is not the sender's answer. */
  readonly onAttempt: (result: DeliveryResult, seconds: number) => void;
}

/** Acknowledges an event when Eventing or the disk has it. */
export function spooledDelivery({ spool, direct, mode, onAttempt }: SpooledOptions): Delivery {
  const queue = async (events: readonly DeliverableEvent[], id: string | undefined, instead?: DeliveryResult) => {
    const stored = await spool.storeAll(events);
    if (stored === "stored") return acknowledgement(id);
    if (stored === "full") return { kind: "spool_full" } as const;
    return instead ?? ({ kind: "spool_failed" } as const);
  };
  return {
    async deliver(given) {
      const { event, id } = identified(given);
      if (mode === "always" || spool.holds(event.application)) return await queue([event], id);
      const startedAt = performance.now();
      const result = await direct.deliver(event);
      if (classify(result, Date.now()).outcome !== "later") return result;
      onAttempt(result, (performance.now() - startedAt) / 1000);
      return await queue([event], id, result);
    },
    async deliverAll(events, ended) {
      const [first] = events;
      if (first === undefined) return [];
      if (mode === "always" || spool.holds(first.application)) {
        const result = await queue(events, undefined);
        return events.map(() => result);
      }
      const startedAt = performance.now();
      const results = await deliverAll(direct, events, ended);
      const now = Date.now();
      const later = [...results.keys()].filter((index) => isForLater(results[index] as DeliveryResult, now));
      const [firstLater] = later;
      if (firstLater === undefined) return results;
      const why = results[firstLater] as DeliveryResult;
      onAttempt(why, (performance.now() - startedAt) / 1000);
      const queued = await queue(
        later.map((index) => events[index] as DeliverableEvent),
        undefined,
        why,
      );
      for (const index of later) results[index] = queued;
      return results;
    },
  };
}

/** Nobody waits for the answer any more when its sender is gone. */
function isForLater(result: DeliveryResult, nowMs: number): boolean {
  const isUnwanted = "kind" in result && result.kind === "client_gone";
  return !isUnwanted && classify(result, nowMs).outcome === "later";
}

/** Eventing would give a legacy event without an id another one at each attempt. */
function identified(event: DeliverableEvent): { event: DeliverableEvent; id: string | undefined } {
  if (event.route !== "v1") return { event, id: undefined };
  const legacy = readLegacyEvent(event.body);
  if ("status" in legacy) return { event, id: undefined };
  if (legacy.id !== undefined) return { event, id: legacy.id };
  const { body, id } = withLegacyId(event.body, legacy);
  return { event: { ...event, body }, id };
}

/** What Eventing would have answered; of a legacy event, its id. */
function acknowledgement(legacyId: string | undefined): DeliveryResult {
  const headers = ["Delivery", "queued"];
  if (legacyId === undefined) return { status: 204, headers, body: Buffer.alloc(0), isQueued: true };
  const body = Buffer.from(JSON.stringify({ "event-id": legacyId, status: "", reason: "" }));
  return { status: 200, headers: [...headers, "Content-Type", "application/json"], body, isQueued: true };
}
