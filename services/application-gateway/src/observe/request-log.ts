import { showUrl } from "@application-connector/credentials";
import type { Exchange, Outcome } from "@application-connector/forward";
import type { Problem } from "@application-connector/problem";
import type { EntryStats } from "./entry-stats.ts";
import type { LineWriter } from "./line-writer.ts";

type Labels = EntryStats["labels"];

/** What a request leaves in the log: failures always, one line for every request when asked. Never a query or header. */
export interface RequestLog {
  problem(exchange: Exchange, labels: Labels, problem: Problem): void;
  done(exchange: Exchange, labels: Labels, startedAt: number, outcome: Outcome, problem: Problem | undefined): void;
}

interface Log {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** `access` is where the line of every request goes; without it there are none. */
export function createRequestLog(log: Log, access?: LineWriter): RequestLog {
  return {
    problem({ method, url }, labels, problem) {
      const fields = {
        ...labels,
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
    done({ method, url, remoteAddress }, labels, startedAt, outcome, problem) {
      if (access === undefined) return;
      const line = {
        level: "info",
        time: new Date().toISOString(),
        msg: "request",
        method,
        path: withoutQuery(url),
        client: remoteAddress,
        ...labels,
        status: outcome.status,
        targetStatus: outcome.targetStatus,
        requestBytes: outcome.requestBytes,
        responseBytes: outcome.responseBytes,
        complete: outcome.complete,
        durationMs: Math.round((performance.now() - startedAt) * 1000) / 1000,
        error: problem?.reason ?? outcome.failure?.kind,
      };
      access.write(JSON.stringify(line));
    },
  };
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
