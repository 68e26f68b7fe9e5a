import { ConfigError, HelpRequested } from "../config/config-error.ts";
import { helpText } from "../config/help.ts";
import { type ConfigCheck, parseConfig } from "../config/load-config.ts";
import type { ConfigOf, Schema } from "../config/option.ts";
import { createLogger, flushLogs, type LogOptions } from "../log/logger.ts";
import type { Service } from "../service.ts";
import { Supervisor } from "../workers/supervisor.ts";
import { answerPings, followLogLevel, isWorker, tell } from "../workers/worker.ts";
import { describeFailure, withFlagName } from "./failure.ts";
import { onSignals } from "./signals.ts";

export interface Program<S extends Schema> {
  name: string;
  /** One sentence for the help. */
  description: string;
  schema: S;
  /** Mistakes in values that are fine one by one but not together. */
  check?: ConfigCheck<S>;
  /** Composes the service. The signal is aborted when the program is told to end before that is done. */
  start: (config: ConfigOf<S>, signal: AbortSignal) => Promise<Service>;
  /** For a program that may consist of several processes. */
  workers?: {
    /** How many; 1 is this one alone. */
    count: (config: ConfigOf<S>) => number;
    log: (config: ConfigOf<S>) => LogOptions;
    /** Paths of APIs that say whether it is ready: only when all are. */
    readyPaths: readonly string[];
    /** How long a worker may take to stop. */
    stopMs: (config: ConfigOf<S>) => number;
    /** One that has done nothing for so long is killed and replaced. Default 30 s. */
    silenceMs?: (config: ConfigOf<S>) => number;
  };
  exitCodes?: {
    /** An unknown flag, or one whose value cannot be read. Default 2, as Go's flag package has it. */
    usage?: number;
    /** A value that is read and refused. Default 1. */
    config?: number;
  };
  /** Tells the mistakes in the program's own log format, in place of plain lines on standard error. */
  reportMistakes?: (mistakes: readonly string[]) => void;
}

/** The whole life of a program: flags, help, start, signals, stop, exit code. */
export async function runProgram<S extends Schema>(program: Program<S>): Promise<void> {
  let parsed: { config: ConfigOf<S>; ignored: readonly string[] };
  try {
    parsed = parseConfig(program.schema, process.argv.slice(2), process.env, program.check);
  } catch (error) {
    process.exitCode = explain(program, error);
    return;
  }
  const { config, ignored } = parsed;
  if (program.workers !== undefined && program.workers.count(config) > 1 && !isWorker()) {
    return exit(await supervise(program.name, program.workers, config));
  }
  if (isWorker()) answerPings();
  let service: Service | undefined;
  onCrash(program.name, () => service);
  const signals = onSignals(program.name, () => service);
  try {
    service = await program.start(config, signals.interrupted);
  } catch (error) {
    if (signals.interrupted.aborted) return exit(0);
    if (error instanceof ConfigError) return exit(explain(program, error));
    await flushLogs();
    printFailure(program.name, withFlagName(error, program.schema, config), isDebug(config));
    return exit(1);
  }
  if (ignored.length > 0) {
    service.log.warn({ count: ignored.length }, "what stands after the first word that is no flag is ignored");
  }
  if (isWorker()) followLogLevel(service);
  tell({ kind: "started" });
  if (signals.interrupted.aborted) void service.stop({ readyDelayMs: 0 });
  await service.stopped;
  return exit(service.failure === undefined ? 0 : 1);
}

/** Runs the program as several processes, of which this is the first. The exit code to end with. */
async function supervise<S extends Schema>(
  name: string,
  { count, log: logOptions, readyPaths, stopMs, silenceMs = () => 30_000 }: NonNullable<Program<S>["workers"]>,
  config: ConfigOf<S>,
): Promise<number> {
  const log = createLogger(name, logOptions(config));
  const stopTimeoutMs = stopMs(config) + reactionMs;
  const supervisor = new Supervisor({
    log,
    workers: count(config),
    readyPaths,
    stopTimeoutMs,
    silenceMs: silenceMs(config),
  });
  onCrash(name, () => ({ log }));
  onSignals(
    name,
    () => ({ log, stop: () => supervisor.stop() }),
    () => supervisor.kill(),
  );
  return await supervisor.ended;
}

/** What a worker gets beyond the time that it gives itself. */
const reactionMs = 5_000;

/** Prints help or mistakes; the exit code to end with. */
function explain<S extends Schema>(program: Program<S>, error: unknown): number {
  if (error instanceof HelpRequested) {
    process.stdout.write(helpText(program, program.schema));
    return 0;
  }
  if (!(error instanceof ConfigError)) throw error;
  if (program.reportMistakes !== undefined && !error.usage) program.reportMistakes(error.mistakes);
  else process.stderr.write(`${error.mistakes.map((mistake) => `${program.name}: ${mistake}\n`).join("")}`);
  if (error.usage) process.stderr.write(`\n${helpText(program, program.schema)}`);
  return error.usage ? (program.exitCodes?.usage ?? 2) : (program.exitCodes?.config ?? 1);
}

function printFailure(name: string, error: unknown, debug: boolean): void {
  const { sentence, stack } = describeFailure(error, debug);
  process.stderr.write(`${name}: ${sentence}\n${stack === undefined ? "" : `${stack}\n`}`);
}

/** What nobody caught leaves the process in an unknown state: it is logged and the process ends. */
function onCrash(name: string, service: () => Pick<Service, "log"> | undefined): void {
  const crash = (err: unknown, kind: string): void => {
    const log = service()?.log;
    if (log === undefined) printFailure(name, err, true);
    else log.fatal({ err }, kind);
    // Lines from before the crash may still be on their way; they are what explains it.
    void exit(1);
  };
  process.on("uncaughtException", (error) => crash(error, "uncaught exception"));
  process.on("unhandledRejection", (reason) => crash(reason, "unhandled rejection"));
}

function isDebug(config: Readonly<Record<string, unknown>>): boolean {
  return config["logLevel"] === "debug";
}

async function exit(code: number): Promise<void> {
  await flushLogs();
  process.exit(code);
}
