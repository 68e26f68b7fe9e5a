import { type Answer, type Exchange, readBody, type UnreadBody, withBody } from "@application-connector/forward";
import { deliverAll } from "../delivery/deliver-all.ts";
import type { DeliverableEvent, Delivery } from "../delivery/delivery.ts";
import { asItCame, type Cleared } from "../events/cleared.ts";
import { checkBody, checkHead, type GateSettings, type Reading } from "../events/gate.ts";
import type { RequestTracer } from "../observe/request-trace.ts";
import type { Admission } from "../overload/admission.ts";
import type { MemoryBudget } from "../overload/memory-budget.ts";
import type { Subscribers } from "../subscriptions/follow-subscriptions.ts";
import type { SubscribedType } from "../subscriptions/subscribed-types.ts";
import type { Books } from "./books.ts";
import { decide, type Refused, type World } from "./decide.ts";
import { observedDelivery } from "./observed-delivery.ts";
import { allHeard, noSubscribers, type Passage } from "./passage.ts";
import { payloadTooLarge, type Refusal, rateHeaders, refusals } from "./refusal.ts";
import { type HeaderPolicy, requestHeaders } from "./request-headers.ts";
import type { Stream } from "./stream.ts";
import { type Told, tellBatch, tellOne } from "./tell.ts";

export interface ProxyParts {
  readonly world: World;
  readonly gate: GateSettings;
  readonly admission: Admission;
  /** For bodies that are read before they are handed on. */
  readonly memory: MemoryBudget;
  /** Time a client has for such a body. */
  readonly bodyTimeoutMs: number;
  /** Time for all events of a batch together. */
  readonly maxDurationMs: number;
  readonly headers: HeaderPolicy;
  /** Hands a request on while it arrives, and Eventing's response back. */
  readonly stream: Stream;
  /** Takes the events of a batch. */
  readonly single: Delivery;
  /** Takes all events in place of the stream. */
  readonly whole: Delivery | undefined;
  /** Statuses of Eventing that are not turned into 502. */
  readonly passedStatuses: ReadonlySet<number>;
  /** Who waits for which events, when senders are to be told. */
  readonly subscribers: Pick<Subscribers, "isUnheard"> | undefined;
  /** Who is asked for subscribed types before Eventing is: without a publisher proxy, nobody else knows. */
  readonly typesOf: Subscribers["typesOf"] | undefined;
  readonly tracer: RequestTracer | undefined;
  readonly books: Books;
}

const nothing = Buffer.alloc(0);

/** Who speaks for the client: the ingress in a header, or the TLS connection itself. */
export type Witness = "header" | "connection";

/** Takes requests, refuses what may not pass and hands the rest on. */
export function createProxy(parts: ProxyParts) {
  const { world, gate, admission, memory, books } = parts;

  const close = (passage: Passage, status: number, reason: string, requestBytes: number): void => {
    admission.release(passage.accepted.application);
    memory.give(passage.heldBytes);
    books.closed(passage, status, reason, requestBytes);
    passage.trace?.ended(status, reason);
  };
  const refuse = (passage: Passage, refusal: Refusal): void => {
    passage.exchange.answer(books.failed(passage, refusal));
    close(passage, refusal.status, refusal.reason, passage.heldBytes);
  };

  const listen = (passage: Passage, events: readonly Cleared[]): void => {
    const unheard = events.filter(({ context }) => context && parts.subscribers?.isUnheard(context)).length;
    if (unheard > 0) passage.unheard = { events: unheard, all: unheard === events.length };
  };

  const enter = (passage: Passage): void => {
    const { exchange, accepted } = passage;
    const types = accepted.asksForTypes ? parts.typesOf?.(accepted.application.name) : undefined;
    if (types !== undefined) {
      tell(passage, { answer: typesAnswer(types), reason: "" });
      return;
    }
    const verdict = accepted.isEvent ? checkHead(accepted, exchange.headers, gate) : asItCame;
    if ("refusal" in verdict) refuse(passage, verdict.refusal);
    else if ("reads" in verdict) read(passage, (body) => inspect(passage, verdict.reads, body));
    else {
      if (parts.subscribers !== undefined) listen(passage, [verdict]);
      if (parts.whole === undefined || !accepted.isEvent) parts.stream(passage, exchange, verdict, close);
      else read(passage, (body) => handOn(passage, verdict, body));
    }
  };

  /** Reads the whole body, as long as there is room for it. */
  const read = (passage: Passage, then: (body: Buffer) => void): void => {
    const { exchange, accepted } = passage;
    const maxBytes = accepted.application.settings.maxBodyBytes || Number.MAX_SAFE_INTEGER;
    const admit = (bytes: number): boolean => {
      if (!memory.take(bytes)) return false;
      passage.heldBytes += bytes;
      return true;
    };
    readBody(exchange, { maxBytes, timeoutMs: parts.bodyTimeoutMs, admit }, (body) => {
      if (typeof body !== "string") then(body);
      else if (body === "client_gone") close(passage, 0, body, passage.heldBytes);
      else refuse(passage, unread(body, maxBytes));
    });
  };

  const inspect = (passage: Passage, reads: Reading, body: Buffer): void => {
    const verdict = checkBody(passage.accepted, reads, body, gate);
    if ("refusal" in verdict) {
      refuse(passage, verdict.refusal);
      return;
    }
    if (parts.subscribers !== undefined) listen(passage, "events" in verdict ? verdict.events : [verdict]);
    if ("events" in verdict) void publishAll(passage, verdict.events);
    else handOn(passage, verdict, body);
  };

  /** One event that is here as a whole. */
  const handOn = (passage: Passage, event: Cleared, body: Buffer): void => {
    if (parts.whole === undefined) parts.stream(passage, withBody(passage.exchange, event.body ?? body), event, close);
    else void deliverWhole(passage, deliverable(passage, { body, ...event }), parts.whole);
  };

  const deliverWhole = async (passage: Passage, event: DeliverableEvent, delivery: Delivery): Promise<void> => {
    books.handedOn(passage);
    const result = await observedDelivery(delivery, passage, books).deliver(event);
    tell(passage, tellOne(result, parts.passedStatuses));
  };

  const publishAll = async (passage: Passage, events: readonly Cleared[]): Promise<void> => {
    const { exchange, accepted } = passage;
    books.handedOn(passage);
    // The request itself was paid for; its events are known only now.
    accepted.application.load.bucket?.owe(events.length - 1);
    // All but their bodies is the same.
    const [first] = events;
    const common = first === undefined ? undefined : deliverable(passage, first);
    const batch = events.flatMap(({ body = nothing, context }) => (common ? { ...common, body, context } : []));
    const delivery = observedDelivery(parts.whole ?? parts.single, passage, books);
    const endsAt = performance.now() + parts.maxDurationMs;
    const results = await deliverAll(delivery, batch, () => {
      if (exchange.aborted) return { kind: "client_gone" };
      return performance.now() < endsAt ? undefined : { kind: "timeout" };
    });
    tell(passage, tellBatch(results, batch, parts.passedStatuses));
  };

  const deliverable = ({ exchange, accepted }: Passage, event: Cleared): DeliverableEvent => {
    const { application, route, path } = accepted;
    const { headers, remoteAddress } = exchange;
    return {
      application: application.name,
      route,
      path,
      headers: requestHeaders(headers, remoteAddress, application.name, parts.headers, event),
      body: event.body ?? nothing,
      context: event.context,
    };
  };

  const tell = (passage: Passage, told: Told): void => {
    const { exchange, heldBytes } = passage;
    const { bucket } = passage.accepted.application.load;
    const answer = "answer" in told ? told.answer : books.failed(passage, told.refusal, told.failure.error);
    const headers = [
      ...answer.headers,
      ...(bucket === undefined ? [] : rateHeaders(bucket)),
      ...(passage.unheard.all && answer.status < 300 ? noSubscribers : []),
    ];
    const reason = "answer" in told ? told.reason : told.refusal.reason;
    exchange.answer({ ...answer, headers });
    close(passage, exchange.aborted ? 0 : answer.status, exchange.aborted ? "client_gone" : reason, heldBytes);
  };

  return (witness: Witness) =>
    (exchange: Exchange): void => {
      const startedAt = performance.now();
      const nowMs = Date.now();
      const { method, httpVersion, url, headers, contentLength } = exchange;
      const certificate = witness === "header" ? "header" : exchange.clientCertificate();
      const decision = decide({ method, httpVersion, url, headers, contentLength, certificate }, world, nowMs);
      const trace = parts.tracer?.begin(exchange);
      const turnAway = (refused: Refused): void => {
        books.refuse(exchange, refused, startedAt);
        trace?.ended(refused.refusal.status, refused.refusal.reason);
      };
      if ("refusal" in decision) turnAway(decision);
      else if ("answer" in decision) {
        books.handshake(exchange, decision);
        trace?.ended(decision.answer.status, "");
      } else {
        const { application, identity, route } = decision;
        trace?.accepted(application.name, route);
        books.certificateSeen(exchange, decision, nowMs);
        const refusal = admission.admit(application, nowMs);
        if (refusal === undefined)
          enter({ exchange, accepted: decision, startedAt, trace, heldBytes: 0, unheard: allHeard });
        else turnAway({ refusal, applicationName: application.name, application, identity, route });
      }
    };
}

/** As Eventing's publisher proxy gives it. */
function typesAnswer(eventsInfo: readonly SubscribedType[]): Answer {
  return { status: 200, headers: ["Content-Type", "application/json"], body: JSON.stringify({ eventsInfo }) };
}

function unread(why: Exclude<UnreadBody, "client_gone">, maxBytes: number): Refusal {
  switch (why) {
    case "request_body_too_large":
      return payloadTooLarge(maxBytes);
    case "request_body_timeout":
      return refusals.bodyTimeout;
    case "refused":
      return refusals.overloaded;
  }
}
