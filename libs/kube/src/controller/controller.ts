import type { Registry } from "prom-client";
import { type Clock, sleep, systemClock } from "../clock.ts";
import { createControllerMetrics, noControllerMetrics, type ReconcileResult } from "../controller-metrics.ts";
import { type Log, silentLog } from "../log.ts";
import type { RetryOptions } from "../queue/retry-delay.ts";
import { createWorkQueue } from "../queue/work-queue.ts";
import { attempt } from "./attempt.ts";
import { type Reconcile, type Request, requestKey, requestOf, TerminalError } from "./request.ts";
import type { Source } from "./sources.ts";

export interface ControllerOptions extends RetryOptions {
  /** In logs and metrics. */
  name: string;
  sources: readonly Source[];
  reconcile: Reconcile;
  /** How many objects are worked on at once, never one of them twice (1). */
  workers?: number | undefined;
  /** How long one reconcile has (2 min). */
  timeoutMs?: number | undefined;
  /** How often everything is looked at without any hint (10 min ± 10 %); 0 for never. */
  resyncMs?: number | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
  log?: Log | undefined;
  metrics?: Registry | undefined;
}

export interface Controller {
  readonly name: string;
  /** Resolves when every source told what there is, from when on objects are looked at. */
  start(fence?: AbortSignal): Promise<void>;
  /** Asks for a look at an object. */
  enqueue(request: Request): void;
  /** How long the reconcile that takes longest has been going on: what goes on for ever is a bug. */
  readonly longestRunningMs: number;
  /** Takes nothing new, lets what runs end for so long, then aborts it. Resolves when nothing runs any more. */
  stop(withinMs?: number): Promise<void>;
}

const defaultTimeoutMs = 120_000;
const defaultResyncMs = 600_000;
const defaultStopMs = 20_000;
/** A reconcile that does not even end when its signal does is left behind. */
const abandonAfterMs = 2_000;

export function createController(options: ControllerOptions): Controller {
  const { name, sources, reconcile, workers = 1, timeoutMs = defaultTimeoutMs, resyncMs = defaultResyncMs } = options;
  const { clock = systemClock, random = Math.random, log = silentLog } = options;
  const metrics = options.metrics ? createControllerMetrics(options.metrics) : noControllerMetrics;
  const counted = metrics.queue(name, {
    get depth() {
      return queue.depth;
    },
    get longestRunningMs() {
      return queue.longestRunningMs;
    },
  });
  const queue = createWorkQueue({ ...options, clock, random, metrics: counted.metrics });
  const ending = new AbortController();
  const ends: (() => void)[] = [];
  let resync: { cancel(): void } | undefined;
  let stopping: Promise<void> | undefined;

  async function work(key: string): Promise<ReconcileResult> {
    const request = requestOf(key);
    const attempted = await attempt(reconcile, request, { clock, timeoutMs, ending: ending.signal });
    if ("result" in attempted) {
      queue.forget(key);
      const { requeueAfterMs } = attempted.result;
      if (requeueAfterMs === undefined) return "success";
      queue.addAfter(key, requeueAfterMs);
      return "later";
    }
    const { error, isLate } = attempted;
    if (ending.signal.aborted) return "stopped";
    if (error instanceof TerminalError) {
      queue.forget(key);
      log.error({ controller: name, ...request, err: error }, "an object cannot be reconciled before it changes");
      return "terminal";
    }
    const { retryAfterMs } = (error ?? {}) as { retryAfterMs?: number };
    const retryMs = Math.round(queue.addRateLimited(key, retryAfterMs));
    const failures = queue.failures(key);
    log.warn({ controller: name, ...request, err: error, failures, retryMs }, "a reconcile failed and is tried again");
    return isLate ? "timeout" : "error";
  }

  async function run(): Promise<void> {
    for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
      const startedAt = clock.now();
      try {
        metrics.reconciled(name, await work(key), (clock.now() - startedAt) / 1000);
      } finally {
        queue.done(key);
      }
    }
  }

  const lookAtEverything = (): void => {
    for (const source of sources) for (const request of source.all()) queue.add(requestKey(request), "low");
    scheduleResync();
  };
  const scheduleResync = (): void => {
    if (resyncMs > 0) resync = clock.setTimeout(lookAtEverything, resyncMs * (0.9 + 0.2 * random()));
  };

  async function stop(withinMs: number): Promise<void> {
    resync?.cancel();
    for (const end of ends.splice(0)) end();
    const patience = new AbortController();
    const ended = queue.shutDown();
    const abort = clock.setTimeout(() => {
      ending.abort(new Error(`the controller ${name} was stopped`));
    }, withinMs);
    const abandoned = sleep(clock, withinMs + abandonAfterMs, patience.signal).catch(() => {});
    await Promise.race([ended, abandoned]);
    abort.cancel();
    patience.abort();
    if (queue.longestRunningMs > 0) log.error({ controller: name }, "a reconcile does not end and is left behind");
    ending.abort(new Error(`the controller ${name} was stopped`));
    counted.end();
  }

  return {
    name,
    async start(fence) {
      const lose = (): void => {
        ending.abort(fence?.reason);
        void queue.shutDown();
      };
      if (fence?.aborted) lose();
      fence?.addEventListener("abort", lose, { once: true });
      ends.push(() => fence?.removeEventListener("abort", lose));
      for (const source of sources)
        ends.push(source.start((request, priority) => queue.add(requestKey(request), priority)));
      await Promise.all(sources.map((source) => source.waitForSync(ending.signal)));
      ending.signal.throwIfAborted();
      for (let count = 0; count < workers; count++) void run();
      scheduleResync();
    },
    enqueue: (request) => queue.add(requestKey(request)),
    get longestRunningMs() {
      return queue.longestRunningMs;
    },
    stop(withinMs = defaultStopMs) {
      stopping ??= stop(withinMs);
      return stopping;
    },
  };
}
