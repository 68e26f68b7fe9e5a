import { isOutage } from "../overload/circuit.ts";
import type { DeliverableEvent, Delivery, DeliveryResult, Ended } from "./delivery.ts";

/** How many sources of a batch are worked on at the same time. */
const concurrency = 4;

/** Delivers the events of a batch, all at once where the delivery can. */
export async function deliverAll(
  delivery: Delivery,
  events: readonly DeliverableEvent[],
  ended: Ended,
): Promise<DeliveryResult[]> {
  return (await delivery.deliverAll?.(events, ended)) ?? (await deliverEach(delivery, events, ended));
}

/**
 * Delivers events by themselves, those of one source one after the other. When one of them finds Eventing unable to
 * take it, the later ones of its source share its fate untried: sent again, they must not come before it.
 */
export async function deliverEach(
  delivery: Delivery,
  events: readonly DeliverableEvent[],
  ended: Ended,
): Promise<DeliveryResult[]> {
  const results = new Array<DeliveryResult>(events.length);
  const waiting = [...Map.groupBy(events.keys(), (index) => sourceOf(events[index])).values()];

  const deliverInOrder = async (indexes: readonly number[]): Promise<void> => {
    let stopped: DeliveryResult | undefined;
    for (const index of indexes) {
      stopped ??= ended();
      const result = stopped ?? (await delivery.deliver(events[index] as DeliverableEvent));
      if (isUnable(result)) stopped = result;
      results[index] = result;
    }
  };
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await deliverInOrder(next);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}

const sourceOf = (event: DeliverableEvent | undefined): string => event?.context?.source ?? "";

/** Says nothing about this event, and everything about the moment. */
function isUnable(result: DeliveryResult): boolean {
  return !("status" in result) || result.status === 429 || isOutage(result.status);
}
