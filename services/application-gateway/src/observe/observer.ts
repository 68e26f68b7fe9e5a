import { type FetchObserver, showUrl } from "@application-connector/credentials";
import type { Exchange } from "@application-connector/forward";
import type { CallTracer } from "./call-trace.ts";
import { EntryStats } from "./entry-stats.ts";
import { Observation } from "./observation.ts";
import type { RequestLog } from "./request-log.ts";

const spanNames = { tokens: "token request", csrf: "CSRF token request" };

/** Where calls are seen from: makes an observation of each. */
export class Observer {
  /** Counts of requests that named no API. */
  readonly unmatched = new EntryStats({ application: "", service: "", entry: "" });
  readonly #log: RequestLog;
  readonly #tracer: CallTracer | undefined;

  constructor(log: RequestLog, tracer?: CallTracer) {
    this.#log = log;
    this.#tracer = tracer;
  }

  begin(exchange: Exchange): Observation {
    return new Observation(exchange, this.unmatched, this.#log, this.#tracer);
  }

  /** Counts and traces the requests for tokens or CSRF sessions that calls of an API cause. `url` may hold secrets. */
  fetches(kind: "tokens" | "csrf", url: string, stats: () => EntryStats): FetchObserver {
    const begin = this.#tracer?.fetches(spanNames[kind], showUrl(url));
    return () => {
      const end = begin?.();
      return (fetch) => {
        stats().fetched(kind, fetch.error === undefined, fetch.durationMs);
        end?.(fetch);
      };
    };
  }
}
