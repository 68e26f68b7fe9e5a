import { addHeaders } from "@application-connector/credentials";
import type {
  Answer,
  FailureKind,
  ForwardFailure,
  ForwardOptions,
  Outcome,
  RawHeaders,
  ReplayStore,
  Resend,
} from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import type { Api } from "../entries/api.ts";
import type { ApiEntry } from "../entries/api-entry.ts";
import { secretsOf } from "../entries/candidate.ts";
import { dropHeaders } from "../entries/header-rules.ts";
import type { Observation } from "../observe/observation.ts";
import type { RequestTarget } from "../path/request-target.ts";
import { retryDelayMs } from "../resilience/retry-budget.ts";
import { rewriteLocation } from "../target/location.ts";
import { answerOf, problemOf } from "./answers.ts";
import { CircuitEntry } from "./circuit-entry.ts";
import { clientHeaders } from "./client-headers.ts";
import { externalToken } from "./external-token.ts";
import { redirectedPath } from "./redirect.ts";
import { carriesLocation, mapLocation, mapStatus } from "./response.ts";
import { type Remake, type Sent, secondTry } from "./second-try.ts";
import { targetPath } from "./target-path.ts";

/** What it takes to send a refused call again. */
export interface SecondTries {
  /** Where request bodies are kept until the target has accepted them. */
  readonly replay: ReplayStore;
  /** Looks whether Secrets have changed, when nobody would tell; undefined when there is no need to. */
  readonly refreshSecrets: (names: readonly string[]) => Promise<boolean> | undefined;
}

/** Where a call leads. */
export interface CallRoute {
  readonly entry: ApiEntry;
  readonly api: Api;
  readonly named: RequestTarget;
  readonly prefix: string;
}

/** Ways to get no connection that may pass. */
const passing: ReadonlySet<FailureKind> = new Set(["unreachable", "dns", "timeout", "reset"]);

/** One request on its way to its target. It is itself the options that `forward` wants. */
export class Call implements ForwardOptions {
  readonly path: string;
  readonly headers: string[];
  readonly responseTimeoutMs: number;
  readonly bodyIdleTimeoutMs: number;
  readonly requestIdleTimeoutMs: number;
  readonly maxDurationMs: number;
  readonly tunnelIdleTimeoutMs: number;
  readonly maxRequestBodyBytes: number;
  readonly maxResponseBodyBytes: number;
  readonly replay: ReplayStore;
  readonly #seen: Observation;
  readonly #route: CallRoute;
  readonly #again: SecondTries;
  readonly #hasExternalToken: boolean;
  /** What the target has now: the first try, or the one that took its place. */
  #sent: Sent;
  #circuit: CircuitEntry | undefined = undefined;
  #isRefused = false;
  #redirects = 0;
  #retries = 0;
  #isOver = false;

  constructor(seen: Observation, route: CallRoute, path: string, again: SecondTries) {
    const { api } = route;
    const { limits } = api;
    const { exchange } = seen;
    this.path = path;
    this.responseTimeoutMs = limits.responseTimeoutMs;
    this.bodyIdleTimeoutMs = limits.bodyIdleTimeoutMs;
    this.requestIdleTimeoutMs = limits.requestIdleTimeoutMs;
    this.maxDurationMs = limits.maxDurationMs;
    this.tunnelIdleTimeoutMs = limits.tunnelIdleTimeoutMs;
    this.maxRequestBodyBytes = limits.maxRequestBodyBytes || Number.POSITIVE_INFINITY;
    this.maxResponseBodyBytes = limits.maxResponseBodyBytes || Number.POSITIVE_INFINITY;
    this.replay = again.replay;
    this.#seen = seen;
    this.#route = route;
    this.#again = again;
    const token = externalToken(exchange.headers);
    this.#hasExternalToken = token !== undefined;
    this.headers = clientHeaders(exchange, api, seen.requestId, token);
    this.#sent = { api, path, headers: this.headers };
  }

  /** Adds the configured credential; a promise only when it must be fetched. */
  authorize(): Promise<void> | undefined {
    const { trace } = this.#seen;
    const authorize = () => this.#authorize(this.#route.api, this.headers);
    return trace === undefined ? authorize() : trace.run(authorize);
  }

  #authorize({ credential }: Api, headers: string[]): Promise<void> | undefined {
    return this.#hasExternalToken ? credential.accompany?.(headers) : credential.authorize(headers);
  }

  /** The last touch before `forward`, or why there will be no call. */
  begin(): Problem | undefined {
    const { api } = this.#route;
    if (api.circuit !== undefined) {
      const entry = CircuitEntry.into(api.circuit, api.url.origin);
      if (entry instanceof Problem) return entry;
      this.#circuit = entry;
    }
    // After the credential: what a Secret adds never takes its place.
    if (api.parameters.headers.length > 0) addHeaders(this.headers, api.parameters.headers);
    api.hold();
    api.retry?.budget.called(performance.now());
    this.#seen.forwarding(this.headers, api, this.path);
    return undefined;
  }

  // `forward` may keep these apart from their object, so they are bound to it.

  readonly reconsider = (status: number, headers: RawHeaders): Promise<Resend | undefined> | undefined => {
    if (status < 400) return this.#follow(status, headers);
    if ((status !== 401 && status !== 403) || this.#isRefused) return undefined;
    this.#refused();
    // Another token would be another caller's: who brought his own gets the answer that it deserves.
    if (this.#hasExternalToken) return undefined;
    const second = this.#remade();
    if (second !== undefined) return this.#resend(second, String(status));
    const changed = this.#again.refreshSecrets(secretsOf(this.#route.entry.candidate));
    return changed?.then((isChanged) => (isChanged ? this.#resend(this.#remade(), String(status)) : undefined));
  };

  readonly onResponse = (status: number, headers: string[]): { status: number; headers: string[] } => {
    const { api, path: sentPath } = this.#sent;
    this.#seen.responded(status);
    this.#circuit?.responded(status, headers);
    if ((status === 401 || status === 403) && !this.#isRefused) this.#refused();
    if (api.responseHeaders !== undefined) dropHeaders(headers, api.responseHeaders);
    if (carriesLocation(status) && api.redirects !== "passthrough") {
      const { url } = this.#seen.exchange;
      const { hostname, path: basePath } = api.url;
      const question = url.indexOf("?");
      const search = question < 0 ? "" : url.slice(question);
      const context = { hostname, basePath, sentPath, search, prefix: this.#route.prefix };
      mapLocation(headers, (location) => rewriteLocation(location, context));
    }
    return { status: mapStatus(status, headers), headers };
  };

  readonly onFailure = (failure: ForwardFailure): Answer => {
    const problem = problemOf(failure, this.#sent.api.url.origin, this.responseTimeoutMs);
    this.#circuit?.failed(failure.kind);
    this.#seen.failed(problem, failure.kind !== "client_gone");
    return answerOf(problem, this.#seen.requestId);
  };

  readonly onDone = (outcome: Outcome): void => {
    this.#isOver = true;
    this.#circuit?.ended();
    this.#sent.api.letGo();
    this.#seen.done(outcome);
  };

  /** A method, unlike the others: `forward` calls it as one, and few calls ever need it. */
  onUnsent({ kind }: ForwardFailure): number | undefined {
    const { retry } = this.#sent.api;
    if (retry === undefined || this.#retries >= retry.times || !passing.has(kind)) return undefined;
    if (!retry.budget.tryAgain(performance.now())) return undefined;
    this.#seen.retrying("connect");
    const { api, path, headers } = this.#sent;
    this.#seen.forwarding(headers, api, path);
    return retryDelayMs(this.#retries++, Math.random());
  }

  /** The response to a redirect that is not the client's to follow takes its place. */
  #follow(status: number, headers: RawHeaders): Promise<Resend | undefined> | undefined {
    const { api, path: sentPath } = this.#sent;
    const { method } = this.#seen.exchange;
    try {
      const path = redirectedPath({ method, api, path: sentPath, followed: this.#redirects }, status, headers);
      if (path === undefined) return undefined;
      this.#redirects++;
      return this.#resend(
        this.#remade(() => path),
        "redirect",
      );
    } catch (problem) {
      return Promise.reject(problem);
    }
  }

  /** What was cached for this call is of no use. */
  #refused(): void {
    this.#isRefused = true;
    const { api, headers } = this.#sent;
    api.credential.refused(headers);
  }

  #remade(path = (api: Api) => targetPath(api, this.#route.named)): ReturnType<typeof secondTry> {
    const { exchange, requestId, trace } = this.#seen;
    const token = this.#hasExternalToken ? externalToken(exchange.headers) : undefined;
    const remake: Remake = {
      api: this.#route.entry.state.api,
      path,
      headers: (api) => clientHeaders(exchange, api, requestId, token),
      authorize: (api, headers) => this.#authorize(api, headers),
    };
    const make = () => secondTry(this.#sent, remake);
    return trace === undefined ? make() : trace.run(make);
  }

  async #resend(pending: ReturnType<typeof secondTry>, reason: string): Promise<Resend | undefined> {
    const second = await pending;
    if (second === undefined) return undefined;
    if (this.#isOver) {
      second.api.letGo();
      return undefined;
    }
    const { api, path, headers } = second;
    this.#sent.api.letGo();
    this.#sent = second;
    this.#seen.retrying(reason);
    this.#seen.forwarding(headers, api, path);
    return { target: api.target, path, headers };
  }
}
