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
import { Problem } from "@application-connector/problem";
import type { Api } from "../entries/api.ts";
import { dropHeaders } from "../entries/header-rules.ts";
import type { Observation } from "../observe/observation.ts";
import { rewriteLocation } from "../target/location.ts";
import { answerOf, problemOf } from "./answers.ts";
import { CircuitEntry } from "./circuit-entry.ts";
import { externalToken } from "./external-token.ts";
import { carriesLocation, mapLocation, mapStatus } from "./response.ts";

/** One request on its way to its target. It is itself the options that `forward` wants. */
export class Call implements ForwardOptions {
  readonly exchange: Exchange;
  readonly api: Api;
  readonly path: string;
  readonly headers: string[];
  readonly responseTimeoutMs: number;
  readonly bodyIdleTimeoutMs: number;
  readonly maxDurationMs: number;
  readonly maxRequestBodyBytes: number;
  readonly #seen: Observation;
  readonly #prefix: string;
  readonly #hasExternalToken: boolean;
  #circuit: CircuitEntry | undefined = undefined;

  constructor(seen: Observation, route: { readonly api: Api; readonly path: string; readonly prefix: string }) {
    const { api } = route;
    const { exchange } = seen;
    this.exchange = exchange;
    this.api = api;
    this.path = route.path;
    this.#seen = seen;
    this.#prefix = route.prefix;
    this.responseTimeoutMs = api.limits.responseTimeoutMs;
    this.bodyIdleTimeoutMs = api.limits.bodyIdleTimeoutMs;
    this.maxDurationMs = api.limits.maxDurationMs;
    this.maxRequestBodyBytes = api.limits.maxRequestBodyBytes || Number.POSITIVE_INFINITY;
    const token = externalToken(exchange.headers);
    this.#hasExternalToken = token !== undefined;
    this.headers = endToEnd(exchange.headers, token === undefined ? api.strip : api.stripWithExternalToken);
    this.headers.push("Host", api.url.host, "X-Request-Id", seen.requestId);
    if (api.forwardsAddress) appendForwardedFor(this.headers, exchange.remoteAddress);
    if (token !== undefined) this.headers.push("Authorization", token);
  }

  /** Adds the configured credential; a promise only when it must be fetched. */
  authorize(): Promise<void> | undefined {
    const { trace } = this.#seen;
    return trace === undefined ? this.#authorize() : trace.run(() => this.#authorize());
  }

  #authorize(): Promise<void> | undefined {
    const { credential } = this.api;
    return this.#hasExternalToken ? credential.accompany?.(this.headers) : credential.authorize(this.headers);
  }

  /** The last touch before `forward`, or why there will be no call. */
  begin(): Problem | undefined {
    const { circuit, url } = this.api;
    if (circuit !== undefined) {
      const entry = CircuitEntry.into(circuit, url.origin);
      if (entry instanceof Problem) return entry;
      this.#circuit = entry;
    }
    // After the credential: what a Secret adds never takes its place.
    if (this.api.parameters.headers.length > 0) addHeaders(this.headers, this.api.parameters.headers);
    this.api.hold();
    this.#seen.forwarding(this.headers, this.api.url.origin, this.path);
    return undefined;
  }

  // `forward` may keep these apart from their object, so they are bound to it.

  readonly onResponse = (status: number, headers: string[]): { status: number; headers: string[] } => {
    this.#seen.responded(status);
    this.#circuit?.responded(status, headers);
    if (status === 401 || status === 403) this.api.credential.refused(this.headers);
    if (this.api.responseHeaders !== undefined) dropHeaders(headers, this.api.responseHeaders);
    if (carriesLocation(status) && this.api.redirects !== "passthrough") {
      const { hostname, path: basePath } = this.api.url;
      const question = this.exchange.url.indexOf("?");
      const search = question < 0 ? "" : this.exchange.url.slice(question);
      const context = { hostname, basePath, sentPath: this.path, search, prefix: this.#prefix };
      mapLocation(headers, (location) => rewriteLocation(location, context));
    }
    return { status: mapStatus(status, headers), headers };
  };

  readonly onFailure = (failure: ForwardFailure): Answer => {
    const problem = problemOf(failure, this.api.url.origin, this.responseTimeoutMs);
    this.#circuit?.failed(failure.kind);
    this.#seen.failed(problem, failure.kind !== "client_gone");
    return answerOf(problem, this.#seen.requestId);
  };

  readonly onDone = (outcome: Outcome): void => {
    this.#circuit?.ended();
    this.api.letGo();
    this.#seen.done(outcome);
  };
}
