import { type Exchange, forward, type Outcome } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import type { Route } from "../entries/api-entry.ts";
import type { EntryTable } from "../entries/entry-table.ts";
import { EntryStats, statsOf } from "../observe/entry-stats.ts";
import type { RequestLog } from "../observe/request-log.ts";
import { type RequestTarget, readRequestTarget } from "../path/request-target.ts";
import { answerOf } from "./answers.ts";
import { Call, type CallSettings } from "./call.ts";
import { targetPath } from "./target-path.ts";

export interface ProxyOptions {
  readonly table: EntryTable;
  /** False until the cluster's objects have been read once. */
  readonly isSynced: () => boolean;
  readonly proxyTimeoutMs: number;
  readonly log: RequestLog;
}

export interface ProxyPorts {
  /** `/{application}/{service}/…`, for services with a single API. */
  readonly forServices: (exchange: Exchange) => void;
  /** `/{application}/{service}/{entry}/…`. */
  readonly forBundles: (exchange: Exchange) => void;
  /** Counts of requests that named no API. */
  readonly unmatched: EntryStats;
}

export function createProxy({ table, isSynced, proxyTimeoutMs, log }: ProxyOptions): ProxyPorts {
  const unmatched = new EntryStats({ application: "", service: "", entry: "" });
  const settings: CallSettings = {
    proxyTimeoutMs,
    onRefusal: (call, problem) => log.problem(call.exchange, call.stats.labels, problem),
    onDone: (call, outcome) => log.done(call.exchange, call.stats.labels, call.startedAt, outcome, call.problem),
  };

  function serve(exchange: Exchange, segments: 2 | 3) {
    const startedAt = performance.now();
    if (exchange.url === "*" && exchange.method === "OPTIONS") {
      exchange.answer({ status: 200, headers: [] });
      return;
    }
    if (!isSynced()) return refuse(exchange, startedAt, unmatched, notSynced);
    const named = readRequestTarget(exchange.url, segments);
    if (named === undefined) return refuse(exchange, startedAt, unmatched, pathInvalid);
    const route =
      segments === 2
        ? table.findService(named.application, named.service)
        : table.findEntry(named.application, named.service, named.entry);
    if (route === undefined) return refuse(exchange, startedAt, unmatched, notFound(named, segments));
    if (route.problem !== undefined) return refuse(exchange, startedAt, unmatched, route.problem);
    call(exchange, segments, route, named, startedAt);
  }

  function call(
    exchange: Exchange,
    segments: 2 | 3,
    route: Route & { problem?: undefined },
    named: RequestTarget,
    startedAt: number,
  ) {
    const stats = statsOf(route.entry);
    const { api, problem } = route.entry.state;
    if (problem !== undefined) return refuse(exchange, startedAt, stats, problem);
    const path = targetPath(api, named);
    if (path === undefined) return refuse(exchange, startedAt, stats, leavesBase);
    const prefix = named.authority + route.prefix;
    const made = new Call(exchange, { api, stats, path, prefix }, settings, startedAt);
    const pending = made.authorize();
    if (pending === undefined) {
      made.begin();
      forward(exchange, api.target, made);
      return;
    }
    pending
      .then(() => {
        // The configuration may have changed while the token was fetched; its target would be closed.
        if (api.isReplaced) return serve(exchange, segments);
        made.begin();
        forward(exchange, api.target, made);
      })
      .catch((error: unknown) => refuse(exchange, startedAt, stats, asProblem(error)));
  }

  function refuse(exchange: Exchange, startedAt: number, stats: EntryStats, problem: Problem): void {
    const answer = answerOf(problem, exchange);
    exchange.answer(answer);
    stats.count(problem.status, "gateway");
    stats.request.observe(performance.now() - startedAt);
    log.problem(exchange, stats.labels, problem);
    log.done(exchange, stats.labels, startedAt, answeredHere(problem.status), problem);
  }

  return {
    forServices: (exchange) => serve(exchange, 2),
    forBundles: (exchange) => serve(exchange, 3),
    unmatched,
  };
}

// Made once: their text is the same for every request.
const notSynced = new Problem("NOT_SYNCED", "Applications and Secrets have not been read yet");
const pathInvalid = new Problem("PATH_INVALID", "failed to extract API Identifier from path");
const leavesBase = new Problem(
  "PATH_LEAVES_BASE",
  "failed to extract API Identifier from path: its dot segments leave the base path of the API",
);

function notFound({ service, entry }: RequestTarget, segments: 2 | 3): Problem {
  const text =
    segments === 2
      ? `service with name ${service} not found`
      : `service with name ${service} and entry name ${entry} not found`;
  return new Problem("ENTRY_NOT_FOUND", text);
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem("INTERNAL", "the call could not be prepared", { cause: error });
}

function answeredHere(status: number): Outcome {
  return { status, targetStatus: undefined, requestBytes: 0, responseBytes: 0, complete: false };
}
