import { type Exchange, type ForwardFailure, forward, type Target } from "@application-connector/forward";
import type { Cleared } from "../events/cleared.ts";
import { type Circuit, isOutage } from "../overload/circuit.ts";
import { type Books, secondsSince } from "./books.ts";
import { noSubscribers, type Passage } from "./passage.ts";
import { type Refusal, rateHeaders, refusals } from "./refusal.ts";
import { type HeaderPolicy, requestHeaders } from "./request-headers.ts";
import { isSenderAtFault, refusalFor, rewriteResponse } from "./response.ts";

export interface StreamParts {
  readonly eventing: Target;
  readonly circuit: Circuit;
  readonly books: Books;
  readonly headers: HeaderPolicy;
  /** Time Eventing has to begin its response. */
  readonly responseTimeoutMs: number;
  /** Time for the whole exchange. */
  readonly maxDurationMs: number;
  /** Statuses of Eventing that are not turned into 502. */
  readonly passedStatuses: ReadonlySet<number>;
}

/** Called once, when nothing more happens for the request. */
export type Close = (passage: Passage, status: number, reason: string, requestBytes: number) => void;
/** Hands a request on while it arrives, and Eventing's response back. */
export type Stream = (passage: Passage, exchange: Exchange, event: Cleared, close: Close) => void;

export function createStream(parts: StreamParts): Stream {
  const { eventing, circuit, books, responseTimeoutMs, maxDurationMs } = parts;
  return (passage, exchange, event, close) => {
    const { application, path } = passage.accepted;
    const { maxBodyBytes } = application.settings;
    if (!circuit.admits(Date.now())) {
      const refusal = refusals.circuitOpen;
      exchange.answer(books.failed(passage, refusal));
      close(passage, refusal.status, refusal.reason, passage.heldBytes);
      return;
    }
    let reason = "";
    books.handedOn(passage);
    const headers = requestHeaders(exchange.headers, exchange.remoteAddress, application.name, parts.headers, event);
    const sent = passage.trace?.sending(headers);
    forward(exchange, eventing, {
      path,
      headers,
      responseTimeoutMs,
      bodyIdleTimeoutMs: responseTimeoutMs,
      maxDurationMs,
      ...(maxBodyBytes > 0 ? { maxRequestBodyBytes: maxBodyBytes } : {}),
      onResponse(status, headers) {
        books.answered(passage, status, secondsSince(passage.startedAt));
        sent?.answered(status);
        if (isOutage(status)) circuit.failed(Date.now());
        else circuit.succeeded();
        if (passage.unheard.all && status < 300) headers.push(...noSubscribers);
        if (application.load.bucket !== undefined) headers.push(...rateHeaders(application.load.bucket));
        const rewritten = rewriteResponse(status, headers, parts.passedStatuses);
        if (rewritten.reason !== undefined) reason = rewritten.reason;
        return rewritten;
      },
      onFailure(failure: ForwardFailure) {
        const refusal: Refusal = refusalFor(failure, maxBodyBytes);
        sent?.failed(failure.kind);
        if (!isSenderAtFault(failure)) circuit.failed(Date.now());
        reason = failure.kind === "client_gone" ? failure.kind : refusal.reason;
        return books.failed(passage, refusal, failure.error);
      },
      onDone({ status, requestBytes, failure }) {
        close(passage, status, reason || (failure?.kind ?? ""), requestBytes);
      },
    });
  };
}
