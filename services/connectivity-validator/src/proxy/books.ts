import type { Answer, Exchange } from "@application-connector/forward";
import { type Identity, isValidAt } from "../identity/identity.ts";
import type { ApplicationEvents } from "../observe/application-events.ts";
import type { ApplicationStats } from "../observe/application-stats.ts";
import type { RequestLog } from "../observe/request-log.ts";
import type { Stats } from "../observe/stats.ts";
import type { Accepted, Handshake, Refused } from "./decide.ts";
import type { Passage } from "./passage.ts";
import { answerOf, type Refusal } from "./refusal.ts";

/** What requests leave behind: counts and lines. */
export interface Books {
  /** Answers what may not pass. */
  refuse(exchange: Exchange, refused: Refused, startedAt: number): void;
  /** Answers what needs nobody else. */
  handshake(exchange: Exchange, handshake: Handshake): void;
  /** The certificate of somebody who may pass. */
  certificateSeen(exchange: Exchange, accepted: Accepted, nowMs: number): void;
  handedOn(passage: Passage): void;
  /** Eventing answered to a request, or to one event of it. */
  answered(passage: Passage, status: number, seconds: number): void;
  /** An event was sent before, and Eventing was not asked. */
  repeated(passage: Passage): void;
  /** The answer to a request that was let in, and failed or was refused all the same. */
  failed(passage: Passage, refusal: Refusal, error?: Error): Answer;
  /** A request that was let in is over; `status` is what the client got, 0 for nothing. */
  closed(passage: Passage, status: number, reason: string, requestBytes: number): void;
}

export interface BooksOptions {
  readonly events: Pick<ApplicationEvents, "certificateExpires">;
  /** How long before its end a certificate is worth a warning. */
  readonly certificateWarningMs: number;
}

export function createBooks(stats: Stats, log: RequestLog, options: BooksOptions): Books {
  const reported = new WeakSet<Identity>();
  return {
    refuse(exchange, refused, startedAt) {
      const { refusal, application, rejection, route } = refused;
      if (rejection !== undefined) stats.rejected(rejection.rejected);
      (application?.stats ?? stats.nameless).count(route ?? "", refusal.status, refusal.reason);
      if (application !== undefined) refusedNow(application.stats, refusal.reason);
      if (route !== undefined) stats.durations[route].observe(secondsSince(startedAt));
      if (refusal.shape !== "plain") log.refused(exchange, refusal, refused);
      exchange.answer(answerOf(refusal, exchange.headers));
    },
    handshake(exchange, { application, route, answer }) {
      application.stats.count(route, answer.status, "webhook_handshake");
      exchange.answer(answer);
    },
    certificateSeen(exchange, accepted, nowMs) {
      const { application, identity } = accepted;
      if (identity.validity === undefined) return;
      const { stats: own } = application;
      const { notAfterMs } = identity.validity;
      own.certificateExpiryMs = notAfterMs;
      if (notAfterMs - nowMs < options.certificateWarningMs && own.warnedOf !== identity.certSha256) {
        own.warnedOf = identity.certSha256;
        log.expiresSoon(exchange, accepted, notAfterMs);
        options.events.certificateExpires(application, notAfterMs);
      }
      if (isValidAt(identity.validity, nowMs) || reported.has(identity)) return;
      reported.add(identity);
      log.outsideValidity(exchange, accepted);
    },
    handedOn({ exchange, accepted }) {
      log.accepted(exchange, accepted);
    },
    answered({ exchange, accepted }, status, seconds) {
      stats.eventingAnswered(status, seconds);
      log.responded(exchange, accepted, status);
    },
    repeated({ accepted: { application } }) {
      application.stats.repeated++;
    },
    failed({ exchange, accepted: { application, identity } }, refusal, error) {
      log.refused(exchange, refusal, { applicationName: application.name, identity, error });
      refusedNow(application.stats, refusal.reason);
      return answerOf(refusal, exchange.headers);
    },
    closed({ accepted: { application, route, isEvent }, startedAt, unheard }, status, reason, requestBytes) {
      if (isEvent && status >= 200 && status < 300) {
        application.stats.lastAcceptedMs = Date.now();
        application.stats.unheard += unheard.events;
      }
      stats.requestBytes.observe(requestBytes);
      stats.durations[route].observe(secondsSince(startedAt));
      application.stats.count(route, status, reason);
    },
  };
}

export const secondsSince = (startedAt: number): number => (performance.now() - startedAt) / 1000;

function refusedNow(stats: ApplicationStats, reason: string): void {
  stats.lastRefusal = { atMs: Date.now(), reason };
}
