import type { Answer, Exchange, ListenerOptions, Malformation } from "./door.ts";
import { defaultMalformedAnswer } from "./malformed.ts";
import type { BodyLimits } from "./request-reader.ts";
import { Sweep } from "./sweep.ts";

/** What the exchanges of one listener share. */
export interface ListenerState extends BodyLimits {
  readonly sweep: Sweep;
  readonly handle: (exchange: Exchange) => void;
  readonly onError: ((error: unknown) => void) | undefined;
  readonly malformed: (kind: Malformation) => Answer;
  readonly maxRequestDurationMs: number | undefined;
  /** 0: no limit. */
  readonly responseIdleTimeoutMs: number;
  /** Each answer is the last on its connection. */
  ending: boolean;
  /** No connection is taken any more. */
  draining: boolean;
}

export function listenerState(options: ListenerOptions, handle: (exchange: Exchange) => void): ListenerState {
  return {
    sweep: new Sweep(),
    handle,
    malformed: options.malformed ?? defaultMalformedAnswer,
    onError: options.onError,
    bodyIdleTimeoutMs: options.bodyIdleTimeoutMs ?? 60_000,
    bodyTimeoutMs: options.bodyTimeoutMs ?? 0,
    maxRequestDurationMs: options.maxRequestDurationMs,
    responseIdleTimeoutMs: options.responseIdleTimeoutMs ?? 60_000,
    ending: false,
    draining: false,
  };
}
