import type { InboundApplication } from "../applications/application.ts";
import type { EventContext } from "../cloudevents/context.ts";
import type { StructuredEvent } from "../cloudevents/structured.ts";
import { judge } from "../policy/event-policy.ts";
import { type Refusal, refusals } from "../proxy/refusal.ts";

/** An event that may pass, and what is to be changed of it; all else stays byte for byte. */
export interface Cleared extends Changes {
  /** Undefined when nobody looked. */
  readonly context: EventContext | undefined;
}

export interface Changes {
  /** Replaces the body. */
  readonly body?: Buffer;
  /** Replaces `ce-source`. */
  readonly source?: string;
  /** Removes headers that contradict a structured event. */
  readonly withoutEventHeaders?: boolean;
  /** Replaces `Content-Type`. */
  readonly contentType?: string;
}

export const asItCame: Cleared = { context: undefined };

/** Judges an event by its Application's rules; `changes` is told the source that it must get, if that is another one. */
export function clear(
  application: InboundApplication,
  context: EventContext,
  typePrefix: string,
  changes: (source: string | undefined) => Changes,
): Cleared | { refusal: Refusal } {
  switch (judge(application, context, typePrefix)) {
    case "pass":
      return { ...changes(undefined), context };
    case "rewrite_source":
      return { ...changes(application.name), context: { ...context, source: application.name } };
    case "source_not_allowed":
      return { refusal: refusals.sourceNotAllowed };
    case "type_not_allowed":
      return { refusal: refusals.typeNotAllowed };
  }
}

/** The event's bytes with another `source`; names of Applications need no escaping. */
export function withSource(body: Buffer, { source, start, end }: StructuredEvent, name: string): Buffer {
  return Buffer.concat([body.subarray(start, source.start), Buffer.from(`"${name}"`), body.subarray(source.end, end)]);
}
