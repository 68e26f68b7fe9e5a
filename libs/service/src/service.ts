import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { type ApiOptions, createApi } from "./api.ts";
import { listenOn } from "./listen.ts";
import { type LogLevel, pinoLevel } from "./log/log-level.ts";
import { createLogger, type LogOptions } from "./log/logger.ts";
import { type ReadinessCheck, type ReadinessReport, reportReadiness } from "./readiness.ts";
import { createRegistry } from "./registry.ts";
import { type NamedPart, type Part, stopParts } from "./shutdown.ts";
import { givenLogLevel } from "./workers/worker.ts";

export interface ServiceOptions extends LogOptions {
  /** How long to keep serving after readiness went false, so that nobody sends more. Default 0. */
  readyDelayMs?: number;
  /** How long requests in flight and the parts have to end. Default 25 s. */
  shutdownTimeoutMs?: number;
}

/** What every program does the same way: log, metrics, readiness, listening, draining, stopping. */
export interface Service {
  readonly name: string;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Aborted when everything has stopped. */
  readonly signal: AbortSignal;
  /** True as soon as `stop` was called. */
  readonly draining: boolean;
  logLevel: LogLevel;
  /** Adds a named condition for being ready. */
  readiness(name: string, check: ReadinessCheck): void;
  readinessReport(): ReadinessReport;
  /** Adds what `stop` must end, last added first. Its name is for the log. */
  use<T extends Part>(part: T | Promise<T>, name?: string): Promise<T>;
  /** Runs the action once, as soon as `stop` is called: time to tell clients that they should go elsewhere. */
  onStopping(action: () => void): void;
  /** Runs the action once, when the ready delay is over and before the parts are stopped. */
  onDrain(action: () => void): void;
  /** A Fastify bound to this service's log, with our error answers. */
  api(options?: ApiOptions): FastifyInstance;
  /** Serves on all interfaces unless a host is given; the port that was really opened. */
  listen(app: FastifyInstance, port: number, host?: string): Promise<number>;
  /** Not ready, then the ready delay, then drain, then the parts. Every call gets the same promise. */
  stop(options?: { readyDelayMs?: number }): Promise<void>;
  readonly stopped: Promise<void>;
  /** It cannot go on: the reason is logged, everything stops, and the program ends with an error. */
  fail(reason: Error): Promise<void>;
  /** Why it stopped by itself. */
  readonly failure: Error | undefined;
}

export function createService(name: string, options: ServiceOptions = {}): Service {
  const log = createLogger(name, options);
  const checks = new Map<string, ReadinessCheck>();
  const parts: NamedPart[] = [];
  const stoppingActions: (() => void)[] = [];
  const drainActions: (() => void)[] = [];
  const ended = new AbortController();
  const stopped = Promise.withResolvers<void>();
  const timeoutMs = options.shutdownTimeoutMs ?? 25_000;
  let logLevel = givenLogLevel() ?? options.logLevel ?? "info";
  log.level = pinoLevel(logLevel);
  let stopping: Promise<void> | undefined;
  let failure: Error | undefined;

  const service: Service = {
    name,
    log,
    metrics: createRegistry(),
    signal: ended.signal,
    stopped: stopped.promise,
    get draining() {
      return stopping !== undefined;
    },
    get logLevel() {
      return logLevel;
    },
    set logLevel(level) {
      logLevel = level;
      log.level = pinoLevel(level);
    },
    readiness: (check, run) => void checks.set(check, run),
    readinessReport: () => reportReadiness(checks),
    async use(part, partName) {
      const ready = await part;
      const named = { name: partName ?? nameOf(ready), part: ready };
      // Whoever comes while the others are being stopped has missed its turn and is stopped at once.
      if (service.draining) await stopParts([named], timeoutMs, log);
      else parts.push(named);
      return ready;
    },
    onStopping: (action) => void stoppingActions.push(action),
    onDrain: (action) => void drainActions.push(action),
    api: (apiOptions) => createApi(service, apiOptions),
    listen: (app, port, host) => listenOn(service, app, port, host),
    stop(stopOptions) {
      stopping ??= shutDown(stopOptions?.readyDelayMs ?? options.readyDelayMs ?? 0);
      return stopping;
    },
    async fail(reason) {
      if (stopping === undefined) {
        failure = reason;
        log.fatal({ err: reason }, `${name} cannot go on`);
      }
      await service.stop({ readyDelayMs: 0 });
    },
    get failure() {
      return failure;
    },
  };

  async function shutDown(readyDelayMs: number): Promise<void> {
    checks.set("shutdown", () => `${name} is stopping`);
    log.info({ readyDelayMs, shutdownTimeoutMs: timeoutMs }, "stopping");
    for (const action of stoppingActions) attempt(action);
    if (readyDelayMs > 0) await sleep(readyDelayMs);
    for (const action of drainActions) attempt(action);
    await stopParts(parts.splice(0), timeoutMs, log);
    ended.abort(new Error(`${name} has stopped`));
    log.info("stopped");
    stopped.resolve();
  }

  function attempt(action: () => void): void {
    try {
      action();
    } catch (err) {
      log.error({ err }, "an action at the end failed");
    }
  }

  return service;
}

/** A composition that failed half-way leaves nothing behind: what was started is stopped, then the error goes on. */
export async function composing<T>(service: Service, compose: () => Promise<T>): Promise<T> {
  try {
    return await compose();
  } catch (error) {
    await service.stop({ readyDelayMs: 0 });
    throw error;
  }
}

function nameOf(part: Part): string {
  if ("name" in part && typeof part.name === "string") return part.name;
  const kind = part.constructor;
  return kind === Object || kind.name === "" ? "part" : kind.name;
}
