import type { Exchange } from "@application-connector/forward";
import type { Route } from "../path/route.ts";

/** Makes traces of requests. There is one only when spans are exported. */
export interface RequestTracer {
  begin(exchange: Exchange): RequestTrace;
}

/** The spans of one request: one for what its sender sees, one below it for each event that is handed on. */
export interface RequestTrace {
  /** It was let in. */
  accepted(application: string, route: Route): void;
  /** An event is handed on; its headers get the trace's context in the place of what came. */
  sending(headers: string[]): SentTrace;
  /** `status` is what the sender got, 0 for nothing; a reason when something was wrong. */
  ended(status: number, reason: string): void;
}

export interface SentTrace {
  answered(status: number): void;
  /** There was no answer. */
  failed(kind: string): void;
}
