import { addHeaders } from "@application-connector/credentials";
import type {
  Answer,
  ForwardFailure,
  ForwardOptions,
  Outcome,
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
import { rewriteLocation } from "../target/location.ts";
import { answerOf, problemOf } from "./answers.ts";
import { CircuitEntry } from "./circuit-entry.ts";
import { clientHeaders } from "./client-headers.ts";
import { externalToken } from "./external-token.ts";
import { carriesLocation, mapLocation, mapStatus } from "./response.ts";
import { type Sent, secondTry } from "./second-try.ts";
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

/** One request on its way to its target. It is itself the options that `forward` wants. */
export class Call implements ForwardOptions {
  readonly path: string;
  readonly headers: string[];
  readonly responseTimeoutMs: number;
  readonly bodyIdleTimeoutMs: number;
  readonly maxDurationMs: number;
  readonly maxRequestBodyBytes: number;
  readonly replay: ReplayStore;
  readonly #seen: Observation;
  readonly #route: CallRoute;
  readonly #again: SecondTries;
  readonly #hasExternalToken: boolean;
  /** What the target has now: the first try, or the one that took its place. */
  #sent: Sent;
  #circuit: CircuitEntry | undefined = undefined;
  #isRefused = false;
  #isOver = false;

  constructor(seen: Observation, route: CallRoute, path: string, again: SecondTries) {
    const { api } = route;
    const { limits } = api;
    const { exchange } = seen;
    this.path = path;
    this.responseTimeoutMs = limits.responseTimeoutMs;
    this.bodyIdleTimeoutMs = limits.bodyIdleTimeoutMs;
    this.maxDurationMs = limits.maxDurationMs;
    this.maxRequestBodyBytes = limits.maxRequestBodyBytes || Number.POSITIVE_INFINITY;
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
    return trace === undefined ? this.#authorize() : trace.run(() => this.#authorize());
  }

  #authorize(): Promise<void> | undefined {
    const { credential } = this.#route.api;
    return this.#hasExternalToken ? credential.accompany?.(this.headers) : credential.authorize(this.headers);
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
    this.#seen.forwarding(this.headers, api.url.origin, this.path);
    return undefined;
  }

  // `forward` may keep these apart from their object, so they are bound to it.

  readonly reconsider = (status: number): Promise<Resend | undefined> | undefined => {
    if ((status !== 401 && status !== 403) || this.#isRefused) return undefined;
    this.#refused();
    // Another token would be another caller's: who brought his own gets the answer that it deserves.
    if (this.#hasExternalToken) return undefined;
    const second = this.#remade();
    if (second !== undefined) return this.#resend(second, status);
    const changed = this.#again.refreshSecrets(secretsOf(this.#route.entry.candidate));
    return changed?.then((isChanged) => (isChanged ? this.#resend(this.#remade(), status) : undefined));
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

  /** What was cached for this call is of no use. */
  #refused(): void {
    this.#isRefused = true;
    const { api, headers } = this.#sent;
    api.credential.refused(headers);
  }

  #remade(): Promise<Sent | undefined> | Sent | undefined {
    const { entry, named } = this.#route;
    const { exchange, requestId, trace } = this.#seen;
    const remake = {
      api: entry.state.api,
      path: (api: Api) => targetPath(api, named),
      headers: (api: Api) => clientHeaders(exchange, api, requestId),
    };
    const make = () => secondTry(this.#sent, remake);
    return trace === undefined ? make() : trace.run(make);
  }

  async #resend(pending: ReturnType<typeof secondTry>, status: number): Promise<Resend | undefined> {
    const second = await pending;
    if (second === undefined) return undefined;
    if (this.#isOver) {
      second.api.letGo();
      return undefined;
    }
    const { api, path, headers } = second;
    this.#sent.api.letGo();
    this.#sent = second;
    this.#seen.retrying(String(status));
    this.#seen.forwarding(headers, api.url.origin, path);
    return { target: api.target, path, headers };
  }
}
