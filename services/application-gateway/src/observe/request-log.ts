import type { Outcome } from "@application-connector/forward";
import type { Problem } from "@application-connector/problem";
import { accessLine } from "./access-line.ts";
import type { Observation } from "./observation.ts";
import { shownTarget } from "./shown-target.ts";

/** What a request leaves in the log: failures always, one line for every request when asked. Never a query or header. */
export interface RequestLog {
  problem(seen: Observation, problem: Problem): void;
  done(seen: Observation, outcome: Outcome): void;
}

interface Log {
  isLevelEnabled(level: "info" | "debug"): boolean;
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface AccessLog {
  readonly lines: { write(line: string): void };
  /** One of so many requests has a line; those that failed have one always. */
  readonly oneOf: number;
}

/** Without `access` there is no line for every request. */
export function createRequestLog(log: Log, access?: AccessLog): RequestLog {
  let passedOver = 0;
  return {
    problem({ exchange: { method, url }, requestId, trace, labels }, problem) {
      // What the caller did wrong is his to see; the rest is for whoever runs this.
      const isOurs = problem.status >= 500;
      if (!isOurs && !log.isLevelEnabled("debug")) return;
      const fields = {
        requestId,
        ...(trace === undefined ? {} : { traceId: trace.traceId }),
        ...labels,
        method,
        path: shownTarget(url),
        status: problem.status,
        reason: problem.reason,
        error: problem.message,
        ...causeOf(problem),
      };
      if (isOurs) log.warn(fields, "request failed");
      else log.debug(fields, "request refused");
    },
    done(seen, outcome) {
      if (access === undefined || !log.isLevelEnabled("info")) return;
      const isFailure = seen.problem !== undefined || outcome.status >= 500 || !outcome.complete;
      if (!isFailure && passedOver++ % access.oneOf !== 0) return;
      access.lines.write(accessLine(seen, outcome));
    },
  };
}

function causeOf({ cause }: Problem): { cause?: string } {
  if (!(cause instanceof Error)) return {};
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  return { cause: code ?? cause.name };
}
