import { send, type Target } from "@application-connector/forward";
import type { Delivery } from "./delivery.ts";
import { batchRequest, isRefusedAsWhole, resultsOf, takesNoBatches } from "./eventing-batch.ts";

export interface EventingOptions {
  readonly timeoutMs: number;
  /** Whether batches are offered as a whole. */
  readonly batches: boolean;
  readonly now?: () => number;
}

/** How long a receiver that took no batch is not offered another one. */
const singlyMs = 60_000;

/**
 * Hands events to Eventing's publisher proxy, one request each; what it answers is the answer. A receiver in its place
 * that takes batches gets those as they came, until it refuses one for what it is.
 */
export function eventingDelivery(eventing: Target, options: EventingOptions): Delivery {
  const { timeoutMs, batches, now = () => performance.now() } = options;
  const single: Delivery = {
    deliver: ({ path, headers, body }) => send(eventing, { method: "POST", path, headers, body, timeoutMs }),
  };
  if (!batches) return single;
  let singlyUntil = Number.NEGATIVE_INFINITY;
  return {
    ...single,
    async deliverAll(events) {
      if (events.length < 2 || now() < singlyUntil) return undefined;
      const result = await send(eventing, { ...batchRequest(events), timeoutMs });
      if (!isRefusedAsWhole(result)) return resultsOf(result, events.length);
      if (takesNoBatches(result)) singlyUntil = now() + singlyMs;
      return undefined;
    },
  };
}
