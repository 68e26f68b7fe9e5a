import { hash } from "node:crypto";
import type { OwnResponse } from "@application-connector/forward";
import { createRecent } from "../identity/recent.ts";
import type { DeliverableEvent, Delivery, DeliveryResult } from "./delivery.ts";

/** The answer that an earlier event of the same id got. */
export interface Repeated extends OwnResponse {
  readonly isRepeated: true;
}

export interface RememberingOptions {
  /** How long a success is remembered. */
  readonly windowMs: number;
  readonly maxEntries: number;
  readonly now?: () => number;
}

/** Larger answers are not kept: Eventing's have no body, or a line. */
const maxBodyBytes = 1_024;

/**
 * Answers an event that its Application has already sent, and that was stored, as it was answered then. One whose first
 * sending is still on its way waits for it. Only events that were looked into have an id.
 */
export function rememberingDelivery(delivery: Delivery, options: RememberingOptions): Delivery {
  const { windowMs, maxEntries, now = () => performance.now() } = options;
  const known = createRecent<{ at: number; answer: OwnResponse }>({ maxEntries, maxCharacters: maxEntries * 64 });
  const underway = new Map<string, Promise<DeliveryResult>>();

  const first = async (key: string, event: DeliverableEvent): Promise<DeliveryResult> => {
    const result = await delivery.deliver(event);
    if (isSuccess(result) && result.body.length <= maxBodyBytes) known.set(key, { at: now(), answer: result });
    return result;
  };

  return {
    async deliver(event) {
      const key = keyOf(event);
      if (key === undefined) return await delivery.deliver(event);
      for (;;) {
        const before = known.get(key);
        if (before !== undefined && now() - before.at < windowMs) return repeated(before.answer);
        const other = underway.get(key);
        if (other === undefined) break;
        const result = await other.catch(() => undefined);
        if (result !== undefined && isSuccess(result)) return repeated(result);
      }
      const running = first(key, event);
      underway.set(key, running);
      try {
        return await running;
      } finally {
        underway.delete(key);
      }
    },
  };
}

const repeated = (answer: OwnResponse): Repeated => ({ ...answer, isRepeated: true });

const isSuccess = (result: DeliveryResult): result is OwnResponse => "status" in result && result.status < 300;

/** Of one length, however long id and source are. */
function keyOf({ application, context }: DeliverableEvent): string | undefined {
  return context && hash("sha256", JSON.stringify([application, context.source, context.id]), "base64");
}
