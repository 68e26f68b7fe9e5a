import type { Tokens } from "../auth/tokens.ts";
import type { RequestInfo } from "../http/api-path.ts";
import { ApiError, expired } from "../status.ts";
import type { Store } from "../store/store.ts";
import type { WatchHub } from "../watch/hub.ts";
import type { WatchStream } from "../watch/stream.ts";
import { isInScope, type Scope } from "./scope.ts";

/** What is done to a request instead of, or before, answering it. */
export type RequestFault =
  | { kind: "latency"; ms: number }
  | { kind: "reset" }
  | { kind: "blackhole" }
  | { kind: "status"; error: ApiError };

export interface RequestScope extends Scope {
  /** How many requests it happens to; without it, to all until it is removed. */
  times?: number;
}

export interface StatusFault extends RequestScope {
  reason?: string;
  message?: string;
  retryAfterSeconds?: number;
}

interface Planned {
  fault: RequestFault;
  scope: Scope;
  left: number;
}

const reasons: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Expired",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/**
 * What can go wrong between a client and its API server, on demand. Faults of requests last until they happened `times`
 * times, or until the function they return is called; faults of watches happen at once, to those that are open.
 */
export class Faults {
  readonly #planned = new Set<Planned>();
  readonly #hub: WatchHub;
  readonly #tokens: Tokens;
  readonly #store: Store;

  constructor(hub: WatchHub, tokens: Tokens, store: Store) {
    this.#hub = hub;
    this.#tokens = tokens;
    this.#store = store;
  }

  /** Answers come late. */
  latency(ms: number, scope: RequestScope = {}): () => void {
    return this.#plan({ kind: "latency", ms }, scope);
  }

  /** The connection is reset instead of answered. */
  reset(scope: RequestScope = {}): () => void {
    return this.#plan({ kind: "reset" }, scope);
  }

  /** Nothing ever comes back and the connection stays open. */
  blackhole(scope: RequestScope = {}): () => void {
    return this.#plan({ kind: "blackhole" }, scope);
  }

  /** Answers a Status, with Retry-After if given. */
  status(code: number, { reason, message, retryAfterSeconds, ...scope }: StatusFault = {}): () => void {
    const details = retryAfterSeconds === undefined ? undefined : { retryAfterSeconds };
    const word = reason ?? reasons[code] ?? "Unknown";
    return this.#plan(
      { kind: "status", error: new ApiError(code, word, message ?? `injected ${code}`, details) },
      scope,
    );
  }

  /** Open watches get an ERROR event; it is 410 Expired unless told otherwise. They end after it, as on the real server. */
  errorEvent(scope: Scope = {}, error: ApiError = expired("too old resource version: 1 (2)")): void {
    for (const stream of this.#streams(scope)) {
      stream.error(error);
      stream.end();
    }
  }

  /** Like errorEvent, with a status of one's own. */
  errorStatus(code: number, { reason, message, retryAfterSeconds, ...scope }: StatusFault = {}): void {
    const details = retryAfterSeconds === undefined ? undefined : { retryAfterSeconds };
    this.errorEvent(
      scope,
      new ApiError(code, reason ?? reasons[code] ?? "Unknown", message ?? `injected ${code}`, details),
    );
  }

  /** Open watches get half an event, and then the end of the stream. */
  halfLine(scope: Scope = {}): void {
    for (const stream of this.#streams(scope)) {
      stream.write('{"type":"MODIFIED","object":{"kind":"Conf');
      stream.end();
    }
  }

  /** Open watches get this text and a line feed. */
  rawLine(text: string, scope: Scope = {}): void {
    for (const stream of this.#streams(scope)) stream.write(`${text}\n`);
  }

  /** Bookmarks for the open watches that asked for them, now instead of once a minute. */
  bookmarks(scope: Scope = {}): void {
    for (const stream of this.#streams(scope)) if (stream.bookmarks) stream.bookmark(this.#store.revision);
  }

  /** Open watches get nothing any more, not even an end: a peer that vanished. New ones work. */
  mute(scope: Scope = {}): void {
    for (const stream of this.#streams(scope)) stream.mute();
  }

  closeWatches(how: "clean" | "reset" = "clean", scope: Scope = {}): void {
    for (const stream of this.#streams(scope)) {
      if (how === "reset") stream.reset();
      else stream.end();
    }
  }

  /** The token is answered with 401 from now on. */
  expireToken(token: string): void {
    this.#tokens.expire(token);
  }

  /** Takes back every planned fault of requests. */
  clear(): void {
    this.#planned.clear();
  }

  /** The faults that happen to this request; counts them. */
  takeFor(info: RequestInfo, userName: string): RequestFault[] {
    const taken: RequestFault[] = [];
    for (const planned of this.#planned) {
      if (!isInScope(planned.scope, info, userName)) continue;
      taken.push(planned.fault);
      planned.left -= 1;
      if (planned.left <= 0) this.#planned.delete(planned);
    }
    return taken;
  }

  #plan(fault: RequestFault, { times = Number.POSITIVE_INFINITY, ...scope }: RequestScope): () => void {
    const planned: Planned = { fault, scope, left: times };
    this.#planned.add(planned);
    return () => this.#planned.delete(planned);
  }

  *#streams(scope: Scope): IterableIterator<WatchStream> {
    for (const stream of [...this.#hub.all()]) {
      if (isInScope(scope, stream.info, stream.userName)) yield stream;
    }
  }
}
