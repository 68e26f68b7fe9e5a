import cluster from "node:cluster";
import type { Logger } from "pino";
import { type LogLevel, pinoLevel } from "../log/log-level.ts";
import type { Family } from "../metrics/families.ts";
import { type CommonApi, openCommonApi } from "./common-api.ts";
import { type WorkerEvents, WorkerProcess } from "./worker-process.ts";

export interface SupervisorOptions {
  readonly log: Logger;
  readonly workers: number;
  readonly readyPaths: readonly string[];
  /** How long the workers have to end after they were told to. */
  readonly stopTimeoutMs: number;
  /** A worker that has done nothing for so long does not come back. */
  readonly silenceMs: number;
}

const firstDelayMs = 250;
const longestDelayMs = 30_000;
/** Whoever has lived so long has not died of its start. */
const longLifeMs = 60_000;
/** Within the time of silence: a machine that was suspended must not look like workers that were silent. */
const pings = 6;
/** So many times as long may pass before its first sign of life: its files must be read. */
const startPatience = 4;

/** Keeps so many workers running: one that dies is replaced, the sooner the longer it has lived. */
export class Supervisor implements WorkerEvents {
  /** The exit code of the program. */
  readonly ended: Promise<number>;
  private readonly options: SupervisorOptions;
  private readonly running = new Map<number, WorkerProcess>();
  /** Deaths in a row of each place. */
  private readonly deaths = new Map<number, number>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly apis: Promise<CommonApi>[] = [];
  private readonly pinging: NodeJS.Timeout;
  /** That was set while the program ran. */
  private logLevel: LogLevel | undefined;
  private readonly end: (code: number) => void;
  private hasStarted = false;
  private isStopping = false;
  private exitCode = 0;
  private replaced = 0;

  constructor(options: SupervisorOptions) {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.options = options;
    this.ended = promise;
    this.end = resolve;
    cluster.setupPrimary({ serialization: "advanced", silent: true });
    // The others follow it: what is wrong with the settings is told once.
    this.fork(1);
    this.pinging = setInterval(() => this.ping(), options.silenceMs / pings).unref();
  }

  stop(): void {
    if (this.isStopping) return;
    this.isStopping = true;
    for (const timer of this.timers) clearTimeout(timer);
    clearInterval(this.pinging);
    for (const worker of this.running.values()) worker.send({ kind: "stop" });
    setTimeout(() => this.kill(), this.options.stopTimeoutMs).unref();
    this.endWhenAlone();
  }

  kill(): void {
    for (const worker of this.running.values()) worker.kill();
  }

  onStarted(worker: WorkerProcess): void {
    this.options.log.info({ worker: worker.number, workerPid: worker.pid }, "worker started");
    if (this.logLevel !== undefined) worker.send({ kind: "log-level", level: this.logLevel });
    if (this.hasStarted) return;
    this.hasStarted = true;
    for (let number = 2; number <= this.options.workers && !this.isStopping; number += 1) this.fork(number);
  }

  onApi(worker: WorkerProcess, api: number, port: number, host: string | undefined): void {
    const workers = () => [...this.running.values()].filter(({ isStarted }) => isStarted);
    const { workers: wanted, readyPaths } = this.options;
    this.apis[api] ??= openCommonApi(api, port, host, {
      workers,
      wanted,
      readyPaths,
      families: () => this.families(),
      onLogLevel: (level) => this.follow(level),
    });
    this.apis[api].then(
      (opened) => worker.send({ kind: "opened", api, port: opened.port }),
      ({ code = "", message }: NodeJS.ErrnoException) => worker.send({ kind: "refused", api, code, message }),
    );
  }

  onExit(worker: WorkerProcess, code: number | null, signal: string | null): void {
    const { number, pid } = worker;
    this.running.delete(number);
    for (const api of this.apis) void api.then(({ counted }) => counted.forget(worker)).catch(() => undefined);
    if (this.isStopping) this.exitCode ||= code ?? 1;
    else if (this.hasStarted) {
      const afterMs = this.delayOf(worker);
      const died = { worker: number, workerPid: pid, code, signal, replacedInMs: afterMs };
      this.options.log.error(died, "a worker has died and is replaced");
      this.replaceIn(afterMs, number);
    } else {
      // It has said why.
      this.isStopping = true;
      this.exitCode = code ?? 1;
    }
    this.endWhenAlone();
  }

  private replaceIn(afterMs: number, number: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.replaced += 1;
      this.fork(number);
    }, afterMs);
    this.timers.add(timer);
  }

  private fork(number: number): void {
    try {
      this.running.set(number, new WorkerProcess(number, this, this.logLevel));
    } catch (err) {
      // Without memory or process ids the system starts nothing. The others go on.
      if (!this.hasStarted) throw err;
      this.options.log.error({ worker: number, err, replacedInMs: longestDelayMs }, "a worker cannot be started");
      this.replaceIn(longestDelayMs, number);
    }
  }

  /** One whose event loop stands still keeps its share of the connections, and answers none of them. */
  private ping(): void {
    for (const worker of this.running.values()) {
      if (worker.ping() < (worker.isAlive ? pings : pings * startPatience)) continue;
      const { silenceMs, log } = this.options;
      log.error({ worker: worker.number, workerPid: worker.pid, silenceMs }, "a worker does nothing and is killed");
      worker.kill();
    }
  }

  private follow(level: LogLevel): void {
    this.logLevel = level;
    this.options.log.level = pinoLevel(level);
  }

  private delayOf({ number, startedAt }: WorkerProcess): number {
    const deaths = performance.now() - startedAt >= longLifeMs ? 0 : (this.deaths.get(number) ?? 0);
    this.deaths.set(number, deaths + 1);
    return Math.min(firstDelayMs * 2 ** deaths, longestDelayMs);
  }

  private endWhenAlone(): void {
    if (!this.isStopping || this.running.size > 0) return;
    void Promise.allSettled(this.apis).then((opened) => {
      for (const api of opened) {
        if (api.status !== "fulfilled") continue;
        api.value.server.close();
        api.value.server.closeAllConnections();
      }
      this.end(this.exitCode);
    });
  }

  private families(): Family[] {
    const family = (name: string, type: string, help: string, value: number): Family => ({
      name,
      help,
      type,
      aggregate: "sum",
      series: [[name, value]],
    });
    const started = [...this.running.values()].filter(({ isStarted }) => isStarted).length;
    return [
      family("workers", "gauge", "Processes that share the ports of the program and have started", started),
      family(
        "worker_replacements_total",
        "counter",
        "Processes that took the place of one that had died",
        this.replaced,
      ),
    ];
  }
}
