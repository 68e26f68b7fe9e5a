import type { FailureKind, OwnResponse, RawHeaders } from "@application-connector/forward";
import type { EventContext } from "../cloudevents/context.ts";
import type { Route } from "../path/route.ts";

/** One event that may pass, whole, in the shape in which Eventing's publisher proxy takes it over HTTP. */
export interface DeliverableEvent {
  /** The Application that sent it: who it is was proved. */
  readonly application: string;
  /** `v1` is a legacy event, everything else a CloudEvent in binary or structured mode. */
  readonly route: Route;
  /** Path and query for Eventing. */
  readonly path: string;
  /** All end-to-end headers for Eventing, `Host` included, framing not. */
  readonly headers: RawHeaders;
  /** The bytes that came; or, of a batch, those of this event. */
  readonly body: Buffer;
  /** What a CloudEvent says of itself; undefined for a legacy event, and for one that nobody looked into. */
  readonly context: EventContext | undefined;
}

/**
 * Eventing did not answer: why the engine says so, or that it was not asked because it fails all the time; or the event
 * cannot be kept for it, because there is no room or because the disk does not take it.
 */
export interface DeliveryFailure {
  readonly kind: FailureKind | "circuit_open" | "spool_full" | "spool_failed";
  readonly error?: Error;
}

/** The acknowledgement of an event that Eventing does not have yet. */
export interface Queued extends OwnResponse {
  readonly isQueued: true;
}

export type DeliveryResult = OwnResponse | Queued | DeliveryFailure;

/** Says why no more events are to be tried; undefined as long as they are. */
export type Ended = () => DeliveryFailure | undefined;

/**
 * Takes responsibility for events. An answer below 300 is the acknowledgement: from then on the event must not be lost.
 * Every other answer, and every failure, goes back to the sender, who may send the event again with the same id.
 */
export interface Delivery {
  /** Never rejects, and always ends: the time is bounded by whoever delivers. */
  deliver(event: DeliverableEvent): Promise<DeliveryResult>;
  /**
   * Takes several events of one request together, and tells of each of them. It starts those of one source in their
   * order. Absent where that is no better than one event after the other; undefined when this time it is not, and none
   * of them was taken. Never rejects.
   */
  deliverAll?(events: readonly DeliverableEvent[], ended: Ended): Promise<DeliveryResult[] | undefined>;
}
