import type { FetchObserver } from "@application-connector/credentials";
import type { Exchange } from "@application-connector/forward";
import { EntryStats } from "./entry-stats.ts";
import { Observation } from "./observation.ts";
import type { RequestLog } from "./request-log.ts";

/** Where calls are seen from: makes an observation of each. */
export class Observer {
  /** Counts of requests that named no API. */
  readonly unmatched = new EntryStats({ application: "", service: "", entry: "" });
  readonly #log: RequestLog;

  constructor(log: RequestLog) {
    this.#log = log;
  }

  begin(exchange: Exchange): Observation {
    return new Observation(exchange, this.unmatched, this.#log);
  }

  /** Counts the requests for tokens or CSRF sessions that calls of an API cause. */
  fetches(kind: "tokens" | "csrf", stats: () => EntryStats): FetchObserver {
    return () =>
      ({ error, durationMs }) =>
        stats().fetched(kind, error === undefined, durationMs);
  }
}
