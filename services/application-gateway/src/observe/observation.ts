import { type Exchange, headerValues, type Outcome } from "@application-connector/forward";
import { type Problem, requestIdOf } from "@application-connector/problem";
import type { Api } from "../entries/api.ts";
import type { ApiEntry } from "../entries/api-entry.ts";
import type { CallTrace, CallTracer } from "./call-trace.ts";
import type { EntryStats, Labels } from "./entry-stats.ts";
import type { RequestLog } from "./request-log.ts";
import { nobody, type StatsBook } from "./stats-book.ts";

/** How a client that left before its answer is counted; never sent. */
const clientLeft = 499;

/** What becomes of one call, step by step: counted as it goes, logged from what was kept. */
export class Observation {
  readonly exchange: Exchange;
  /** The caller's, or a new one: sent on to the target, and back with every answer of our own. */
  readonly requestId: string;
  /** Absent when calls are not traced. */
  readonly trace: CallTrace | undefined;
  /** Of the API once it is known. */
  labels: Labels = nobody;
  stats: EntryStats;
  /** Why the gateway itself answered. */
  problem: Problem | undefined = undefined;
  /** Time to find the API, to get its credential, and from forwarding to the head of the target's response, in ms. */
  configMs = 0;
  authMs = 0;
  targetMs = 0;
  durationMs = 0;
  readonly #book: StatsBook;
  readonly #log: RequestLog;
  readonly #startedAt = performance.now();
  #stepAt = this.#startedAt;
  #isForwarded = false;
  #retries = 0;
  #after: (() => void) | undefined = undefined;

  constructor(exchange: Exchange, book: StatsBook, log: RequestLog, tracer?: CallTracer) {
    this.exchange = exchange;
    this.requestId = requestIdOf(headerValues(exchange.headers, "x-request-id")[0]);
    this.stats = book.unmatched;
    this.#book = book;
    this.#log = log;
    this.trace = tracer?.begin(exchange, this.requestId);
  }

  found(entry: ApiEntry): void {
    this.stats = this.#book.of(entry);
    this.labels = this.#book.labelsOf(entry);
    this.trace?.found(this.labels);
  }

  /** The API is ready to be called; its credential is next. */
  configured(): void {
    this.configMs = this.#step();
  }

  /** On its way to the target, for the first time or once more. May change the headers that it is sent with. */
  forwarding(headers: string[], api: Pick<Api, "url" | "strip">, path: string): void {
    this.authMs += this.#step();
    this.trace?.forwarding(headers, api.url.origin, path, api.strip.drop);
    if (this.#isForwarded) return;
    this.#isForwarded = true;
    this.stats.inFlight++;
  }

  /** The target's response begins. */
  responded(status: number): void {
    this.targetMs = this.#step();
    this.trace?.responded(status);
    this.stats.target.observe(this.targetMs / 1000);
  }

  /** The response is not passed on: the call is prepared and sent once more. */
  retrying(reason: string): void {
    this.#step();
    this.trace?.retrying(reason);
    this.#retries++;
    this.stats.retried(reason);
  }

  /** The target gave no response; the client gets the problem, unless it left before. */
  failed(problem: Problem, isTold: boolean): void {
    this.problem = problem;
    if (isTold) this.#log.problem(this, problem);
  }

  /** Answered here, without a call. */
  refused(problem: Problem): void {
    this.problem = problem;
    this.#log.problem(this, problem);
    this.done(answeredHere(problem.status));
  }

  /** Its client left before there was a call. */
  left(): void {
    this.done(answeredHere(0));
  }

  /** Something that ends with the call. */
  whenDone(action: () => void): void {
    this.#after = action;
  }

  done(outcome: Outcome): void {
    const { stats } = this;
    this.#after?.();
    if (this.#isForwarded) stats.inFlight--;
    if (outcome.status === 0) stats.count(clientLeft, "gateway");
    else stats.count(outcome.status, this.problem === undefined ? "target" : "gateway");
    // What the engine did by itself: the connection had been closed when it was used.
    for (let tries = this.#retries + 1; tries < outcome.tries; tries++) stats.retried("stale_connection");
    this.durationMs = performance.now() - this.#startedAt;
    stats.request.observe(this.durationMs / 1000);
    this.#log.done(this, outcome);
    this.trace?.done(outcome, this.problem);
  }

  /** Time since the step before. */
  #step(): number {
    const now = performance.now();
    const ms = now - this.#stepAt;
    this.#stepAt = now;
    return ms;
  }
}

function answeredHere(status: number): Outcome {
  return { status, targetStatus: undefined, tries: 0, requestBytes: 0, responseBytes: 0, complete: false };
}
