import { type Exchange, type ForwardFailure, forward, type Target } from "@application-connector/forward";
import { type Identity, isValidAt } from "../identity/identity.ts";
import type { RequestLog } from "../observe/request-log.ts";
import type { Stats } from "../observe/stats.ts";
import { type Accepted, decide, type Refused, type World } from "./decide.ts";
import { answerOf, type Refusal, refusals } from "./refusal.ts";
import { type HeaderPolicy, requestHeaders } from "./request-headers.ts";
import { refusalFor, rewriteResponse } from "./response.ts";

export interface ProxySettings {
  readonly headers: HeaderPolicy;
  /** Time Eventing has to begin its response. */
  readonly responseTimeoutMs: number;
  /** Time the client has to send its body, as a whole. */
  readonly bodyTimeoutMs: number;
}

/** Who speaks for the client: the ingress in a header, or the TLS connection itself. */
export type Witness = "header" | "connection";

/** Takes requests, refuses what may not pass and forwards the rest to Eventing. */
export function createProxy(world: World, eventing: Target, settings: ProxySettings, stats: Stats, log: RequestLog) {
  const reported = new WeakSet<Identity>();

  const refuse = (exchange: Exchange, refused: Refused, startedAt: number): void => {
    const { refusal, application, rejection, route } = refused;
    if (rejection !== undefined) stats.rejected(rejection.rejected);
    (application?.stats ?? stats.nameless).count(route ?? "", refusal.status, refusal.reason);
    if (route !== undefined) stats.durations[route].observe((performance.now() - startedAt) / 1000);
    if (refusal.shape !== "plain") log.refused(exchange, refusal, refused);
    exchange.answer(answerOf(refusal, exchange.headers));
  };

  const noteCertificate = (exchange: Exchange, accepted: Accepted, nowMs: number): void => {
    const { application, identity } = accepted;
    if (identity.validity === undefined) return;
    application.stats.certificateExpiryMs = identity.validity.notAfterMs;
    if (isValidAt(identity.validity, nowMs) || reported.has(identity)) return;
    reported.add(identity);
    log.outsideValidity(exchange, accepted);
  };

  const pass = (exchange: Exchange, accepted: Accepted, startedAt: number): void => {
    const { application, identity, route, path } = accepted;
    const { maxBodyBytes } = world;
    const maxDurationMs = settings.responseTimeoutMs + settings.bodyTimeoutMs;
    let reason = "";
    stats.inFlight++;
    log.accepted(exchange, accepted);
    forward(exchange, eventing, {
      path,
      headers: requestHeaders(exchange.headers, exchange.remoteAddress, application.name, settings.headers),
      responseTimeoutMs: settings.responseTimeoutMs,
      bodyIdleTimeoutMs: settings.responseTimeoutMs,
      maxDurationMs,
      ...(maxBodyBytes > 0 ? { maxRequestBodyBytes: maxBodyBytes } : {}),
      onResponse(status, headers) {
        stats.eventingAnswered(status, (performance.now() - startedAt) / 1000);
        log.responded(exchange, accepted, status);
        const rewritten = rewriteResponse(status, headers);
        if (rewritten !== undefined) reason = "eventing_error";
        return rewritten;
      },
      onFailure(failure: ForwardFailure) {
        // Eventing's time starts when the body is complete: whoever used up both times has been too slow a sender.
        const slowBody = failure.kind === "timeout" && performance.now() - startedAt >= maxDurationMs;
        const refusal: Refusal = slowBody ? refusals.bodyTimeout : refusalFor(failure, maxBodyBytes);
        reason = failure.kind === "client_gone" ? "client_gone" : refusal.reason;
        if (failure.kind !== "client_gone")
          log.refused(exchange, refusal, { applicationName: application.name, identity, error: failure.error });
        return answerOf(refusal, exchange.headers);
      },
      onDone({ status, requestBytes, failure }) {
        stats.inFlight--;
        stats.requestBytes.observe(requestBytes);
        stats.durations[route].observe((performance.now() - startedAt) / 1000);
        application.stats.count(route, status, reason || (failure?.kind ?? ""));
      },
    });
  };

  return (witness: Witness) =>
    (exchange: Exchange): void => {
      const startedAt = performance.now();
      const nowMs = Date.now();
      const { httpVersion, url, headers, contentLength } = exchange;
      const certificate = witness === "header" ? "header" : exchange.clientCertificate();
      const decision = decide({ httpVersion, url, headers, contentLength, certificate }, world, nowMs);
      if ("refusal" in decision) refuse(exchange, decision, startedAt);
      else {
        noteCertificate(exchange, decision, nowMs);
        pass(exchange, decision, startedAt);
      }
    };
}
