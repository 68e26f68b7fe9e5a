import { deliverAll } from "../delivery/deliver-all.ts";
import type { DeliverableEvent, Delivery, DeliveryFailure, DeliveryResult } from "../delivery/delivery.ts";
import { type Books, secondsSince } from "./books.ts";
import type { Passage } from "./passage.ts";

/** Writes down what becomes of a request's events. Nothing that goes wrong may leave their sender without an answer. */
export function observedDelivery(delivery: Delivery, passage: Passage, books: Books): Delivery {
  const { trace } = passage;
  const begin = ({ headers }: DeliverableEvent) => {
    const own = trace === undefined ? headers : [...headers];
    return { headers: own, sent: trace?.sending(own as string[]), startedAt: performance.now() };
  };

  return {
    async deliver(event) {
      const { headers, sent, startedAt } = begin(event);
      const result = await delivery.deliver({ ...event, headers }).catch(unexpected);
      if ("status" in result) sent?.answered(result.status);
      else sent?.failed(result.kind);
      if (isFromEventing(result)) books.answered(passage, result.status, secondsSince(startedAt));
      else if ("isRepeated" in result) books.repeated(passage);
      return result;
    },
    ...(delivery.deliverAll && {
      async deliverAll(events, ended) {
        const [first] = events;
        if (first === undefined) return [];
        const { headers, sent, startedAt } = begin(first);
        const given = trace === undefined ? events : events.map((event) => ({ ...event, headers }));
        const results = await deliverAll(delivery, given, ended).catch((error) => events.map(() => unexpected(error)));
        // One span, and one observation of each status, however many events they are.
        const failure = results.find((result) => !("status" in result));
        if (failure !== undefined) sent?.failed((failure as DeliveryFailure).kind);
        else sent?.answered(Math.max(...results.map((result) => ("status" in result ? result.status : 0))));
        const seconds = secondsSince(startedAt);
        const statuses = results.flatMap((result) => (isFromEventing(result) ? result.status : []));
        for (const status of new Set(statuses)) books.answered(passage, status, seconds);
        for (const result of results) if ("isRepeated" in result) books.repeated(passage);
        return results;
      },
    }),
  };
}

const isFromEventing = (result: DeliveryResult): result is Extract<DeliveryResult, { status: number }> =>
  "status" in result && !("isRepeated" in result) && !("isQueued" in result);

function unexpected(error: unknown): DeliveryFailure {
  return { kind: "protocol", error: error instanceof Error ? error : new Error(String(error)) };
}
