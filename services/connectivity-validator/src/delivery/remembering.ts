import { hash } from "node:crypto";
import type { OwnResponse } from "@application-connector/forward";
import { createRecent } from "../identity/recent.ts";
import { deliverAll, deliverEach } from "./deliver-all.ts";
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

  const answerBefore = (key: string): OwnResponse | undefined => {
    const before = known.get(key);
    return before !== undefined && now() - before.at < windowMs ? before.answer : undefined;
  };
  const remember = (key: string, result: DeliveryResult): void => {
    if (isSuccess(result) && result.body.length <= maxBodyBytes) known.set(key, { at: now(), answer: result });
  };
  const first = async (key: string, event: DeliverableEvent): Promise<DeliveryResult> => {
    const result = await delivery.deliver(event);
    remember(key, result);
    return result;
  };

  return {
    async deliver(event) {
      const key = keyOf(event);
      if (key === undefined) return await delivery.deliver(event);
      for (;;) {
        const before = answerBefore(key);
        if (before !== undefined) return repeated(before);
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
    ...(delivery.deliverAll && {
      async deliverAll(events, ended) {
        const asked = events.map((event) => {
          const key = keyOf(event) ?? "";
          return { event, key, before: answerBefore(key) };
        });
        const fresh = asked.filter(({ before }) => before === undefined);
        if (fresh.length === 0) return asked.map(({ before }) => repeated(before as OwnResponse));
        const keys = fresh.flatMap(({ key }) => key || []);
        const mustWait = new Set(keys).size < keys.length || keys.some((key) => underway.has(key));
        if (mustWait) return await deliverEach(this, events, ended);
        const running = deliverAll(
          delivery,
          fresh.map(({ event }) => event),
          ended,
        );
        for (const [at, { key }] of fresh.entries()) if (key !== "") underway.set(key, resultAt(running, at));
        try {
          const results = await running;
          for (const [at, { key }] of fresh.entries()) if (key !== "") remember(key, results[at] as DeliveryResult);
          const next = results.values();
          return asked.map(
            ({ before }) => (before === undefined ? next.next().value : repeated(before)) as DeliveryResult,
          );
        } finally {
          for (const key of keys) underway.delete(key);
        }
      },
    }),
  };
}

function resultAt(running: Promise<readonly DeliveryResult[]>, at: number): Promise<DeliveryResult> {
  const result = running.then((results) => results[at] as DeliveryResult);
  // Nobody may be waiting for it.
  result.catch(() => undefined);
  return result;
}

const repeated = (answer: OwnResponse): Repeated => ({ ...answer, isRepeated: true });

const isSuccess = (result: DeliveryResult): result is OwnResponse => "status" in result && result.status < 300;

/** Of one length, however long id and source are. */
function keyOf({ application, context }: DeliverableEvent): string | undefined {
  return context && hash("sha256", JSON.stringify([application, context.source, context.id]), "base64");
}
