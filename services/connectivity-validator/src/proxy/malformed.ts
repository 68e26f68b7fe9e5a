import type { Answer, Malformation } from "@application-connector/forward";
import type { Stats } from "../observe/stats.ts";
import { answerOf, type Refusal, refusals } from "./refusal.ts";

const answers: Record<Malformation, Refusal> = {
  bad_request: refusals.badRequest,
  ambiguous_framing: refusals.badRequest,
  unknown_transfer_encoding: refusals.unknownTransferEncoding,
  headers_too_large: refusals.headersTooLarge,
  timeout: refusals.headTimeout,
};

/** The answer to what never became a request. */
export const malformedAnswers =
  (stats: Stats) =>
  (kind: Malformation): Answer => {
    const refusal = answers[kind];
    stats.nameless.count("", refusal.status, refusal.reason);
    return answerOf(refusal);
  };
