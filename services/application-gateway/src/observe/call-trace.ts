import type { FetchObserver } from "@application-connector/credentials";
import type { Exchange, Outcome } from "@application-connector/forward";
import type { Problem } from "@application-connector/problem";
import type { Labels } from "./entry-stats.ts";

/** Makes traces of calls. There is one only when spans are exported. */
export interface CallTracer {
  begin(exchange: Exchange, requestId: string): CallTrace;
  /** A span for each request to a token or CSRF endpoint, below the call that caused it. `url` has no secrets. */
  fetches(name: string, url: string): FetchObserver;
}

/** The spans of one call: one for what the caller sees, one below it for each time that the target was called. */
export interface CallTrace {
  readonly traceId: string;
  found(labels: Labels): void;
  /** What the action starts is below this call. */
  run<T>(action: () => T): T;
  /**
   * Puts the trace's context in the place of the caller's, unless the API drops that. `path` may have a query; it is not
   * shown.
   */
  forwarding(headers: string[], origin: string, path: string, dropped: ReadonlySet<string> | undefined): void;
  responded(status: number): void;
  /** What was sent is sent once more; `reason` is the status that it got, or a word. */
  retrying(reason: string): void;
  done(outcome: Outcome, problem: Problem | undefined): void;
}
