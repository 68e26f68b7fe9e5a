import { getCallSites } from "node:util";
import type { ServiceOptions } from "@application-connector/service";

/** Upstream's log lines: fixed top-level fields, everything else in `context`. */
export const logShape: NonNullable<ServiceOptions["logShape"]> = {
  base: null,
  messageKey: "message",
  timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
  mixin: () => ({ caller: caller(framesOfPino) }),
  formatters: {
    level: (label) => ({ level: label.toUpperCase() }),
    log: inContext,
  },
};

/** The line for what ends the program before it has a log. */
export function fatalLine(message: string): string {
  const timestamp = new Date().toISOString();
  return `${JSON.stringify({ level: "FATAL", timestamp, caller: caller(1), message, context: {} })}\n`;
}

function inContext(fields: Record<string, unknown>): Record<string, unknown> {
  const { caller, traceid, spanid, err, ...context } = fields;
  if (err !== undefined) context["error"] = err instanceof Error ? (err.stack ?? err.message) : err;
  return {
    caller,
    ...(traceid === undefined ? {} : { traceid }),
    ...(spanid === undefined ? {} : { spanid }),
    context,
  };
}

/** The mixin, and the two functions of pino between it and whoever logs. */
const framesOfPino = 3;

/** `folder/file:line`, as zap writes it. */
function caller(skippedFrames: number): string {
  const site = getCallSites(skippedFrames + 2)[skippedFrames + 1];
  if (site === undefined) return "unknown";
  const [path = ""] = site.scriptName.split("?", 1);
  return `${path.split("/").slice(-2).join("/")}:${site.lineNumber}`;
}
