import { type DestinationStream, destination, type Logger, type LoggerOptions, pino, stdTimeFunctions } from "pino";
import { type LogLevel, pinoLevel } from "./log-level.ts";
import { redactedPaths, redactionCensor } from "./redaction.ts";
import { type LineKeys, textLine } from "./text-format.ts";

/** Pino's options in which a service's log may differ from the house's. */
export type LogShape = Omit<LoggerOptions, "level" | "transport" | "redact">;

export interface LogOptions {
  logLevel?: LogLevel;
  /** `text` is for people at a console. */
  logFormat?: "json" | "text";
  /** Standard error when absent. */
  logDestination?: DestinationStream;
  logShape?: LogShape;
}

/** The logger of a service: one JSON object a line, on standard error, without credentials. */
export function createLogger(service: string, options: LogOptions): Logger {
  const { formatters, ...shape } = options.logShape ?? {};
  const settings: LoggerOptions = {
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    messageKey: "msg",
    redact: { paths: redactedPaths, censor: redactionCensor },
    ...shape,
    level: pinoLevel(options.logLevel ?? "info"),
    formatters: { level: (label) => ({ level: label }), ...formatters },
  };
  const target = options.logDestination ?? standardError();
  return pino(settings, options.logFormat === "text" ? textDestination(target, lineKeys(settings)) : target);
}

type StandardError = ReturnType<typeof destination>;
let shared: StandardError | undefined;

/** One for the process: services that share it must not tear each other's lines. */
function standardError(): StandardError {
  // Not synchronous, so that a slow reader does not stop the service; bounded, so that it does not fill the memory.
  // The length of 1 changes nothing but makes flush wait for a write that is under way.
  shared ??= destination({ fd: 2, sync: false, minLength: 1, maxLength: 16 * 1024 * 1024 });
  return shared;
}

/** Waits until what was logged is written, a second at most. */
export async function flushLogs(): Promise<void> {
  const stream = shared;
  if (stream === undefined) return;
  const flushed = Promise.withResolvers<void>();
  const timer = setTimeout(flushed.resolve, 1000);
  stream.flush(() => flushed.resolve());
  await flushed.promise;
  clearTimeout(timer);
}

/** For the last moment of a process that cannot wait: writes out what no write is under way for. */
export function flushLogsNow(): void {
  try {
    shared?.flushSync();
  } catch {
    // The reader is gone: there is nobody left to tell.
  }
}

function textDestination(target: DestinationStream, keys: LineKeys): DestinationStream {
  return { write: (line) => target.write(textLine(line, keys)) };
}

/** Asks the format itself how it names level and time, since both are made by functions. */
function lineKeys({ formatters, timestamp, messageKey }: LoggerOptions): LineKeys {
  const [level = "level"] = Object.keys(formatters?.level?.("info", 30) ?? {});
  const stamp = typeof timestamp === "function" ? timestamp() : ',"time":0';
  return { level, time: /"(\w+)":/.exec(stamp)?.[1] ?? "time", message: messageKey ?? "msg" };
}
