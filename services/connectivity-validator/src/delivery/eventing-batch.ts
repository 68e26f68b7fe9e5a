import type { ForwardFailure, OwnRequest, OwnResponse, RawHeaders } from "@application-connector/forward";
import type { DeliverableEvent, DeliveryResult } from "./delivery.ts";

const batchType = "application/cloudevents-batch+json; charset=utf-8";
/** What a receiver tells of each event: its own part, beside what it repeats of the event. */
const maxReportBytes = 64 * 1024;

/** The request that hands all of them on; what is theirs together is the same in each. */
export function batchRequest(events: readonly DeliverableEvent[]): Omit<OwnRequest, "timeoutMs"> {
  const { path, headers } = events[0] as DeliverableEvent;
  const body = Buffer.concat(
    events.flatMap(({ body }, index) => [index === 0 ? opening : comma, body]).concat(closing),
  );
  return {
    method: "POST",
    path,
    headers: withContentType(headers),
    body,
    maxResponseBytes: maxReportBytes + body.length,
  };
}

const [opening, comma, closing] = [Buffer.from("["), Buffer.from(","), Buffer.from("]")];

function withContentType(headers: RawHeaders): string[] {
  const lines = headers.slice();
  for (let at = 0; at < lines.length; at += 2)
    if ((lines[at] as string).toLowerCase() === "content-type") lines[at + 1] = batchType;
  return lines;
}

/**
 * Nothing of a batch was published, because of what it is as a whole: one at all, too large, or one with an event that the
 * receiver does not take, which says nothing of those beside it.
 */
export function isRefusedAsWhole(result: OwnResponse | ForwardFailure): result is OwnResponse {
  return "status" in result && [400, 413, 415, 422].includes(result.status);
}

/** Whether the next one would be refused, too. */
export function takesNoBatches({ status, body }: OwnResponse): boolean {
  // The words of Eventing's publisher proxy.
  return status === 415 || (status === 400 && body.toString("latin1").trim() === "not supported for batch events");
}

/** What became of each event: 207 tells it, as ours does; every other answer is that of all of them. */
export function resultsOf(result: OwnResponse | ForwardFailure, count: number): DeliveryResult[] {
  if (!("status" in result) || result.status !== 207) return new Array<DeliveryResult>(count).fill(result);
  const statuses = readReport(result.body);
  return Array.from({ length: count }, (_, index) => {
    const status = statuses.get(index);
    if (status !== undefined) return { status, headers: [], body: nothing };
    return { kind: "protocol", error: new Error(`the answer 207 says nothing of event ${index}`) };
  });
}

const nothing = Buffer.alloc(0);

/** Statuses by the event's place in the batch; of what is unclear or contradicts itself, nothing that counts as success. */
function readReport(body: Buffer): Map<number, number> {
  const statuses = new Map<number, number>();
  let report: unknown;
  try {
    report = JSON.parse(body.toString());
  } catch {
    return statuses;
  }
  const results = isRecord(report) ? report["results"] : undefined;
  for (const entry of Array.isArray(results) ? results : []) {
    const { index, status } = isRecord(entry) ? entry : {};
    if (typeof index !== "number" || typeof status !== "number" || status < 200 || status > 599) continue;
    // An event of which two things are told is not lost by being sent again.
    statuses.set(index, Math.max(statuses.get(index) ?? 0, Math.trunc(status)));
  }
  return statuses;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
