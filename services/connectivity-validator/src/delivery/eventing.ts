import { send, type Target } from "@application-connector/forward";
import type { Delivery } from "./delivery.ts";

/** Hands events to Eventing's publisher proxy, one request each; what it answers is the answer. */
export function eventingDelivery(eventing: Target, timeoutMs: number): Delivery {
  return {
    deliver: ({ path, headers, body }) => send(eventing, { method: "POST", path, headers, body, timeoutMs }),
  };
}
