import type { Answer } from "@application-connector/forward";
import type { DeliverableEvent, DeliveryFailure, DeliveryResult } from "../delivery/delivery.ts";
import type { Refusal } from "./refusal.ts";
import { refusalFor, rewriteResponse } from "./response.ts";

/** What a client is told of what became of its events. */
export type Told =
  | { readonly answer: Answer; readonly reason: string }
  | { readonly refusal: Refusal; readonly failure: DeliveryFailure };

/** Of one event. */
export function tellOne(result: DeliveryResult, passed: ReadonlySet<number>): Told {
  if (!("status" in result)) return { refusal: refusalFor(result, 0), failure: result };
  const { status, headers, reason = "" } = rewriteResponse(result.status, withoutLength(result.headers), passed);
  return { answer: { status, headers, ...(result.body.length > 0 ? { body: result.body } : {}) }, reason };
}

/** Of a batch: one answer when all fared alike, else what became of each. */
export function tellBatch(
  results: readonly DeliveryResult[],
  events: readonly DeliverableEvent[],
  passed: ReadonlySet<number>,
): Told {
  if (results.every((result) => "status" in result && result.status < 300)) {
    const queued = results.some((result) => "isQueued" in result);
    return { answer: { status: 204, headers: queued ? ["Delivery", "queued"] : [] }, reason: "" };
  }
  const told = results.map((result) => tellOne(result, passed));
  const statuses = told.map((each) => ("answer" in each ? each.answer.status : each.refusal.status));
  const [first] = told as [Told];
  if (statuses.every((status) => status === statuses[0])) return first;
  const report = statuses.map((status, index) => {
    const { id, source } = events[index]?.context ?? {};
    // Eventing's own kinds of success are one to whoever reads this.
    return { index, id, source, status: status < 300 ? 204 : status };
  });
  const body = JSON.stringify({ results: report });
  return { answer: { status: 207, headers: ["Content-Type", "application/json"], body }, reason: "batch_incomplete" };
}

/** The answer gets its framing anew. */
function withoutLength(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (name.toLowerCase() !== "content-length") kept.push(name, headers[at + 1] as string);
  }
  return kept;
}
