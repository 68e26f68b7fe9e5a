import type { InboundApplication } from "../applications/application.ts";
import { InvalidEvent } from "../cloudevents/invalid-event.ts";
import { readBatch, readEvent, type StructuredEvent } from "../cloudevents/structured.ts";
import type { Refusal } from "../proxy/refusal.ts";
import { type Cleared, clear, withSource } from "./cleared.ts";

/** Of one batch. */
const maxEvents = 100;
/** How many of those that are none a message names. */
const maxNamed = 10;

/** All of a batch or nothing: what is wrong with which event is found out before any of them is handed on. */
export function clearBatch(
  application: InboundApplication,
  body: Buffer,
  typePrefix: string,
): { events: readonly Cleared[] } | { refusal: Refusal } {
  const events: Cleared[] = [];
  for (const event of validEvents(body)) {
    const verdict = clear(application, event.context, typePrefix, (source) => ({
      body: source === undefined ? body.subarray(event.start, event.end) : withSource(body, event, source),
      withoutEventHeaders: true,
      contentType: "application/cloudevents+json; charset=utf-8",
    }));
    if ("refusal" in verdict) return verdict;
    events.push(verdict);
  }
  return { events };
}

function validEvents(body: Buffer): StructuredEvent[] {
  const events: StructuredEvent[] = [];
  const wrong: string[] = [];
  for (const [index, { start }] of readBatch(body, maxEvents).entries()) {
    try {
      events.push(readEvent(body, start));
    } catch (error) {
      if (!(error instanceof InvalidEvent)) throw error;
      wrong.push(`${index} (${error.message})`);
    }
  }
  if (wrong.length === 0) return events;
  const more = wrong.length > maxNamed ? ` and ${wrong.length - maxNamed} more` : "";
  throw new InvalidEvent("invalid_batch", `of the batch, ${wrong.slice(0, maxNamed).join(", ")}${more}`);
}
