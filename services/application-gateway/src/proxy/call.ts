import { addHeaders } from "@application-connector/credentials";
import {
  type Answer,
  appendForwardedFor,
  type Exchange,
  endToEnd,
  type ForwardFailure,
  type ForwardOptions,
  type Outcome,
} from "@application-connector/forward";
import type { Problem } from "@application-connector/problem";
import type { Api } from "../entries/api.ts";
import type { EntryStats } from "../observe/entry-stats.ts";
import { rewriteLocation } from "../target/location.ts";
import { answerOf, problemOf } from "./answers.ts";
import { externalToken } from "./external-token.ts";
import { carriesLocation, mapLocation, mapStatus } from "./response.ts";

/** How a client that left before its answer is counted; never sent. */
const clientLeft = 499;

/** What calls have in common. */
export interface CallSettings {
  readonly proxyTimeoutMs: number;
  readonly onRefusal: (call: Call, problem: Problem) => void;
  readonly onDone: (call: Call, outcome: Outcome) => void;
}

/** One request on its way to its target. It is itself the options that `forward` wants. */
export class Call implements ForwardOptions {
  readonly exchange: Exchange;
  readonly api: Api;
  readonly stats: EntryStats;
  readonly startedAt: number;
  readonly path: string;
  readonly headers: string[];
  readonly responseTimeoutMs: number;
  readonly bodyIdleTimeoutMs: number;
  problem: Problem | undefined;
  readonly #prefix: string;
  readonly #settings: CallSettings;
  readonly #hasExternalToken: boolean;
  #forwardedAt = 0;

  constructor(
    exchange: Exchange,
    route: { readonly api: Api; readonly stats: EntryStats; readonly path: string; readonly prefix: string },
    settings: CallSettings,
    startedAt: number,
  ) {
    const { api } = route;
    this.exchange = exchange;
    this.api = api;
    this.stats = route.stats;
    this.startedAt = startedAt;
    this.path = route.path;
    this.#prefix = route.prefix;
    this.#settings = settings;
    this.responseTimeoutMs = settings.proxyTimeoutMs;
    this.bodyIdleTimeoutMs = settings.proxyTimeoutMs;
    const token = externalToken(exchange.headers);
    this.#hasExternalToken = token !== undefined;
    this.headers = endToEnd(exchange.headers, token === undefined ? api.strip : api.stripWithExternalToken);
    this.headers.push("Host", api.url.host);
    appendForwardedFor(this.headers, exchange.remoteAddress);
    if (token !== undefined) this.headers.push("Authorization", token);
  }

  /** Adds the configured credential; a promise only when it must be fetched. */
  authorize(): Promise<void> | undefined {
    const { credential } = this.api;
    return this.#hasExternalToken ? credential.accompany?.(this.headers) : credential.authorize(this.headers);
  }

  /** The last touch before `forward`. */
  begin(): void {
    // After the credential: what a Secret adds never takes its place.
    if (this.api.parameters.headers.length > 0) addHeaders(this.headers, this.api.parameters.headers);
    this.api.hold();
    this.stats.inFlight++;
    this.#forwardedAt = performance.now();
  }

  // `forward` may keep these apart from their object, so they are bound to it.

  readonly onResponse = (status: number, headers: string[]): { status: number; headers: string[] } => {
    this.stats.target.observe(performance.now() - this.#forwardedAt);
    if (status === 401 || status === 403) this.api.credential.refused(this.headers);
    if (carriesLocation(status)) {
      const { hostname, path: basePath } = this.api.url;
      const question = this.exchange.url.indexOf("?");
      const search = question < 0 ? "" : this.exchange.url.slice(question);
      const context = { hostname, basePath, sentPath: this.path, search, prefix: this.#prefix };
      mapLocation(headers, (location) => rewriteLocation(location, context));
    }
    return { status: mapStatus(status, headers), headers };
  };

  readonly onFailure = (failure: ForwardFailure): Answer => {
    this.problem = problemOf(failure, this.api.url.origin, this.responseTimeoutMs);
    if (failure.kind !== "client_gone") this.#settings.onRefusal(this, this.problem);
    return answerOf(this.problem, this.exchange);
  };

  readonly onDone = (outcome: Outcome): void => {
    this.api.letGo();
    this.stats.inFlight--;
    if (outcome.status === 0) this.stats.count(clientLeft, "gateway");
    else this.stats.count(outcome.status, this.problem === undefined ? "target" : "gateway");
    this.stats.request.observe(performance.now() - this.startedAt);
    this.#settings.onDone(this, outcome);
  };
}
