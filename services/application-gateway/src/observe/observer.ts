import { type FetchObserver, showUrl } from "@application-connector/credentials";
import type { Exchange } from "@application-connector/forward";
import type { ApiEntry } from "../entries/api-entry.ts";
import type { CallTracer } from "./call-trace.ts";
import { Observation } from "./observation.ts";
import type { RequestLog } from "./request-log.ts";
import type { StatsBook } from "./stats-book.ts";

const spanNames = { tokens: "token request", csrf: "CSRF token request" };

/** Where calls are seen from: makes an observation of each. */
export class Observer {
  readonly #book: StatsBook;
  readonly #log: RequestLog;
  readonly #tracer: CallTracer | undefined;

  constructor(book: StatsBook, log: RequestLog, tracer?: CallTracer) {
    this.#book = book;
    this.#log = log;
    this.#tracer = tracer;
  }

  begin(exchange: Exchange): Observation {
    return new Observation(exchange, this.#book, this.#log, this.#tracer);
  }

  /** Counts and traces the requests for tokens or CSRF sessions that calls of an API cause. `url` may hold secrets. */
  fetches(kind: "tokens" | "csrf", url: string, entry: ApiEntry): FetchObserver {
    const begin = this.#tracer?.fetches(spanNames[kind], showUrl(url));
    return () => {
      const end = begin?.();
      return (fetch) => {
        this.#book.of(entry).fetched(kind, fetch.error === undefined, fetch.durationMs);
        end?.(fetch);
      };
    };
  }
}
