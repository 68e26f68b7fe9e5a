import { showUrl } from "@application-connector/credentials";
import type { Outcome } from "@application-connector/forward";
import type { Problem } from "@application-connector/problem";
import type { LineWriter } from "./line-writer.ts";
import type { Observation } from "./observation.ts";

/** What a request leaves in the log: failures always, one line for every request when asked. Never a query or header. */
export interface RequestLog {
  problem(seen: Observation, problem: Problem): void;
  done(seen: Observation, outcome: Outcome): void;
}

interface Log {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** `access` is where the line of every request goes; without it there are none. */
export function createRequestLog(log: Log, access?: LineWriter): RequestLog {
  return {
    problem({ exchange: { method, url }, requestId, stats }, problem) {
      const fields = {
        requestId,
        ...stats.labels,
        method,
        path: withoutQuery(url),
        status: problem.status,
        reason: problem.reason,
        error: problem.message,
        ...causeOf(problem),
      };
      // What the caller did wrong is his to see; the rest is for whoever runs this.
      if (problem.status < 500) log.debug(fields, "request refused");
      else log.warn(fields, "request failed");
    },
    done(seen, outcome) {
      if (access === undefined) return;
      const { method, url, remoteAddress } = seen.exchange;
      const line = {
        level: "info",
        time: new Date().toISOString(),
        msg: "request",
        requestId: seen.requestId,
        method,
        path: withoutQuery(url),
        client: remoteAddress,
        ...seen.stats.labels,
        status: outcome.status,
        targetStatus: outcome.targetStatus,
        requestBytes: outcome.requestBytes,
        responseBytes: outcome.responseBytes,
        complete: outcome.complete,
        durationMs: rounded(seen.durationMs),
        configMs: rounded(seen.configMs),
        authMs: rounded(seen.authMs),
        targetMs: rounded(seen.targetMs),
        retried: seen.retried,
        error: seen.problem?.reason ?? outcome.failure?.kind,
      };
      access.write(JSON.stringify(line));
    },
  };
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

const longestPath = 1024;

/** A request target may be a megabyte long; the log needs to tell requests apart, not to keep them. */
function withoutQuery(target: string): string {
  // In absolute form it may hold a password.
  const url = target.startsWith("/") ? target : showUrl(target);
  const question = url.indexOf("?");
  return url.slice(0, Math.min(question < 0 ? url.length : question, longestPath));
}

function causeOf({ cause }: Problem): { cause?: string } {
  if (!(cause instanceof Error)) return {};
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  return { cause: code ?? cause.name };
}
