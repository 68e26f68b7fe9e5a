import { ConfigError } from "../config/config-error.ts";
import type { ConfigOf, Schema } from "../config/option.ts";
import { listenError, PortInUse } from "../listen-error.ts";

/** What a failed start is told as: one sentence; the stack as well when nobody foresaw the failure. */
export interface Failure {
  sentence: string;
  stack?: string;
}

export function describeFailure(error: unknown, debug: boolean): Failure {
  const sentence = messages(error).join(": ");
  const stack = error instanceof Error && (debug || !isExpected(error)) ? error.stack : undefined;
  return stack === undefined ? { sentence } : { sentence, stack };
}

/** Whether the surroundings are to blame, not our code: such an error explains itself without a stack. */
function isExpected(error: Error): boolean {
  if (error instanceof ConfigError || ("expected" in error && error.expected === true)) return true;
  // Node's own programming errors have codes as well (ERR_…); those of the system and the network do not start so.
  return "code" in error && typeof error.code === "string" && !error.code.startsWith("ERR_");
}

/** The message and those of its causes that say something new. */
function messages(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const own = error instanceof AggregateError && error.message === "" ? messages(error.errors[0]) : [error.message];
  const silentCause = error instanceof PortInUse || error.cause === undefined;
  const causes = silentCause ? [] : messages(error.cause);
  return [...own, ...causes.filter((cause) => cause !== "" && !own.some((message) => message.includes(cause)))];
}

/** Names the flag by which a busy port can be changed, when exactly one has that value. */
export function withFlagName<S extends Schema>(error: unknown, schema: S, config: ConfigOf<S>): unknown {
  const port = error instanceof Error && "port" in error ? error.port : undefined;
  if (typeof port !== "number" || (error instanceof PortInUse && error.message.includes("--"))) return error;
  const [flag, ...others] = Object.entries(schema).filter(
    ([key, option]) => option.kind === "port" && config[key as keyof S] === port,
  );
  const flagName = others.length === 0 ? flag?.[1].name : undefined;
  return listenError(error instanceof PortInUse ? (error.cause ?? error) : error, port, flagName);
}
