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
import { addsToQueries, hideAdded } from "./hidden.ts";
import { redirectedPath } from "./redirect.ts";
import { carriesLocation, mapLocation, mapStatus } from "./response.ts";
import { type Remake, secondTry } from "./second-try.ts";
import { Sent } from "./sent.ts";
import { signsBodyOf } from "./signed-bodies.ts";
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
  path: string;
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
  readonly #externalToken: string | undefined;
  readonly #body: Buffer | undefined;
  /** What the target has now: the first try, or the one that took its place. */
  #sent: Sent;
  #circuit: CircuitEntry | undefined = undefined;
  #isRefused = false;
  #redirects = 0;
  #retries = 0;
  #isOver = false;

  /** `body` where the credential signs it. */
  constructor(seen: Observation, route: CallRoute, path: string, again: SecondTries, body: Buffer | undefined) {
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
    this.#externalToken = externalToken(exchange.headers);
    this.#body = body;
    this.#sent = this.#make(api, path);
    this.headers = this.#sent.headers;
  }

  /** Adds the configured credential; a promise only when it must be fetched. */
  authorize(): Promise<void> | undefined {
    const { trace } = this.#seen;
    if (trace === undefined) return this.#authorize(this.#sent);
    return trace.run(() => this.#authorize(this.#sent));
  }

  #authorize(sent: Sent): Promise<void> | undefined {
    const { credential } = sent.api;
    return this.#externalToken === undefined ? credential.authorize(sent) : credential.accompany?.(sent);
  }

  #make(api: Api, path: string): Sent {
    const { exchange, requestId } = this.#seen;
    const headers = clientHeaders(exchange, api, requestId, this.#externalToken);
    return new Sent(api, path, headers, exchange, this.#body);
  }

  /** Nothing of it changes after this. */
  #forwarding(sent: Sent): void {
    const { api, path, headers } = sent;
    this.#seen.forwarding(headers, api, path);
    if (this.#externalToken === undefined) sent.seal();
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
    this.#forwarding(this.#sent);
    this.path = this.#sent.path;
    return undefined;
  }

  reconsider(status: number, headers: RawHeaders): Promise<Resend | undefined> | undefined {
    if (status < 400) return this.#follow(status, headers);
    if ((status !== 401 && status !== 403) || this.#isRefused) return undefined;
    this.#refused();
    // Another token would be another caller's: who brought his own gets the answer that it deserves.
    if (this.#externalToken !== undefined) return undefined;
    const second = this.#remade();
    if (second !== undefined) return this.#resend(second, String(status));
    const changed = this.#again.refreshSecrets(secretsOf(this.#route.entry.candidate));
    return changed?.then((isChanged) => (isChanged ? this.#resend(this.#remade(), String(status)) : undefined));
  }

  onResponse(status: number, headers: string[]): { status: number; headers: string[] } {
    const { api, plain } = this.#sent;
    this.#seen.responded(status);
    this.#circuit?.responded(status, headers);
    const isRefusal = status === 401 || status === 403 || api.purgeCodes.includes(status);
    if (isRefusal && !this.#isRefused) this.#refused();
    this.onFields(headers);
    const { search } = this.#route.named;
    if (carriesLocation(status) && api.redirects !== "passthrough") {
      const { hostname, path: basePath } = api.url;
      const context = { hostname, basePath, sentPath: plain.path, search, prefix: this.#route.prefix };
      mapLocation(headers, (location) => rewriteLocation(location, context));
    }
    return { status: mapStatus(status, headers), headers };
  }

  onFailure(failure: ForwardFailure): Answer {
    const problem = problemOf(failure, this.#sent.api.url.origin, this.responseTimeoutMs);
    this.#circuit?.failed(failure.kind);
    this.#seen.failed(problem, failure.kind !== "client_gone");
    return answerOf(problem, this.#seen.requestId);
  }

  onDone(outcome: Outcome): void {
    this.#isOver = true;
    this.#circuit?.ended();
    this.#sent.api.letGo();
    this.#seen.done(outcome);
  }

  onUnsent({ kind }: ForwardFailure): number | undefined {
    const { retry } = this.#sent.api;
    if (retry === undefined || this.#retries >= retry.times || !passing.has(kind)) return undefined;
    if (!retry.budget.tryAgain(performance.now())) return undefined;
    this.#seen.retrying("connect");
    const { api, path, headers } = this.#sent;
    // A signature may cover what says where in its trace a call is.
    this.#seen.forwarding(this.#sent.isSealed ? [...headers] : headers, api, path);
    return retryDelayMs(this.#retries++, Math.random());
  }

  /** What the target tells goes through here, in whatever head or tail of a response it tells it. A method likewise. */
  onFields(headers: string[]): void {
    const { api } = this.#sent;
    if (api.responseHeaders !== undefined) dropHeaders(headers, api.responseHeaders);
    if (!addsToQueries(api)) return;
    hideAdded(headers, {
      api,
      search: this.#route.named.search,
      hasExternalToken: this.#externalToken !== undefined,
    });
  }

  /** The response to a redirect that is not the client's to follow takes its place. */
  #follow(status: number, headers: RawHeaders): Promise<Resend | undefined> | undefined {
    const { api, plain, method } = this.#sent;
    try {
      const path = redirectedPath({ method, api, path: plain.path, followed: this.#redirects }, status, headers);
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
    this.#sent.api.credential.refused(this.#sent);
  }

  #remade(path = (api: Api) => targetPath(api, this.#route.named)): ReturnType<typeof secondTry> {
    const { exchange, trace } = this.#seen;
    const { api } = this.#route.entry.state;
    const remake: Remake = {
      // A body that was not read before can't be signed any more.
      api: this.#body === undefined && signsBodyOf(exchange, api) ? undefined : api,
      path,
      make: (current, to) => this.#make(current, to),
      authorize: (sent) => this.#authorize(sent),
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
    this.#sent.api.letGo();
    this.#sent = second;
    this.#seen.retrying(reason);
    this.#forwarding(second);
    const { api, path, headers } = second;
    return { target: api.target, path, headers };
  }
}
