import { hostname } from "node:os";
import type { Registry } from "prom-client";
import { sleep } from "../clock.ts";
import { type Log, silentLog } from "../log.ts";
import type { KubeObject } from "../resources/types.ts";
import type { Client } from "../transport/client.ts";
import { KubeError } from "../transport/kube-error.ts";
import { createWriterMetrics, type EventLoss, noWriterMetrics, type WriterMetrics } from "../writer-metrics.ts";
import { createCorrelator } from "./correlator.ts";
import { type Occurrence, referenceTo, type Statement } from "./event.ts";
import { createEventWriter, type EventApi } from "./writer.ts";

export interface EventRecorderOptions {
  /** Who speaks: `application-connector-manager`. */
  component: string;
  /** Which process of it; the host's name when left out. */
  instance?: string | undefined;
  /** In which shape events are written (`events.k8s.io/v1`). */
  api?: EventApi | undefined;
  log?: Log | undefined;
  metrics?: Registry | undefined;
}

/** Tells people what happens to an object. A recorder never throws, never waits, and keeps a bounded number of events. */
export interface EventRecorder {
  /** @param about needs apiVersion and kind, which objects of an informer have */
  event(about: KubeObject, statement: Statement): void;
  /** How many events never reached the server, and why. */
  readonly dropped: Readonly<Record<EventLoss, number>>;
  /** Writes what waits, for so long at most. */
  stop(withinMs?: number): Promise<void>;
}

const longestQueue = 1_000;
const mostTries = 5;
const firstPauseMs = 500;
/** A series is counted up at most this often: what happens all the time should not write all the time. */
const countEveryMs = 60_000;
const complainEveryMs = 60_000;

export function createEventRecorder(client: Client, options: EventRecorderOptions): EventRecorder {
  const { clock } = client;
  const log = options.log ?? silentLog;
  const metrics: WriterMetrics = options.metrics ? createWriterMetrics(options.metrics) : noWriterMetrics;
  const { component, instance = `${component}-${hostname()}` } = options;
  const writer = createEventWriter(client, { component, instance }, options.api ?? "events.k8s.io/v1");
  const correlator = createCorrelator();
  const dropped: Record<EventLoss, number> = {
    budget: 0,
    queue: 0,
    failed: 0,
    refused: 0,
    stopped: 0,
    malformed: 0,
  };
  const abort = new AbortController();
  /** In the order in which they are written; each event stands here once, however often it happened. */
  const queue = new Set<Occurrence>();
  /** Counted up on the server less than a minute ago. */
  const resting = new Map<Occurrence, number>();
  let running: Promise<void> | undefined;
  let sweep: { cancel(): void } | undefined;
  let isStopped = false;
  let stopping: Promise<void> | undefined;
  let complainedAt = Number.NEGATIVE_INFINITY;

  const drop = (loss: EventLoss, error?: unknown): void => {
    dropped[loss]++;
    metrics.eventDropped(loss);
    if (error === undefined || clock.now() - complainedAt < complainEveryMs) return;
    complainedAt = clock.now();
    log.warn({ err: error, dropped: { ...dropped } }, "an event could not be written");
  };

  const enqueue = (occurrence: Occurrence): void => {
    queue.add(occurrence);
    if (queue.size > longestQueue) {
      queue.delete(queue.values().next().value as Occurrence);
      drop("queue");
    }
    running ??= drain();
  };

  /** Brings those whose rest is over, and that happened meanwhile, to the server. */
  const wake = (): void => {
    sweep = undefined;
    const now = clock.now();
    for (const [occurrence, sinceMs] of resting) {
      if (now - sinceMs < countEveryMs) continue;
      resting.delete(occurrence);
      if (writer.isBehind(occurrence)) enqueue(occurrence);
    }
    arm();
  };
  const arm = (): void => {
    const [first] = resting.values();
    if (first === undefined || sweep || isStopped) return;
    sweep = clock.setTimeout(wake, Math.max(0, first + countEveryMs - clock.now()));
  };

  async function drain(): Promise<void> {
    // The caller goes on first: telling costs it nothing but a place in the queue.
    await null;
    for (const occurrence of queue) {
      queue.delete(occurrence);
      await write(occurrence);
    }
    running = undefined;
  }

  async function write(occurrence: Occurrence): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        const isCount = await writer.write(occurrence, abort.signal);
        metrics.eventWritten(occurrence.type);
        if (isCount) resting.set(occurrence, clock.now());
        return arm();
      } catch (error) {
        const loss = lossFor(error, tries, abort.signal);
        if (loss) return drop(loss, isExpected(error) ? undefined : error);
        await sleep(clock, pauseMs(error, tries), abort.signal).catch(() => {});
      }
    }
  }

  async function stop(withinMs: number): Promise<void> {
    isStopped = true;
    sweep?.cancel();
    for (const occurrence of resting.keys()) if (writer.isBehind(occurrence)) enqueue(occurrence);
    const deadline = clock.setTimeout(() => abort.abort(new Error("the event recorder was stopped")), withinMs);
    await running;
    deadline.cancel();
    abort.abort(new Error("the event recorder was stopped"));
    resting.clear();
  }

  return {
    event(about, statement) {
      try {
        if (isStopped) return drop("stopped");
        const occurrence = correlator.record(referenceTo(about), statement, clock.now(), Date.now());
        if (!occurrence) return drop("budget");
        if (!resting.has(occurrence)) enqueue(occurrence);
      } catch (error) {
        drop("malformed", error);
      }
    },
    get dropped() {
      return { ...dropped };
    },
    stop(withinMs = 2_000) {
      stopping ??= stop(withinMs);
      return stopping;
    },
  };
}

/** What is lost with this failure; undefined when it is tried again. */
function lossFor(error: unknown, tries: number, stopped: AbortSignal): EventLoss | undefined {
  if (stopped.aborted) return "stopped";
  if (!(error instanceof KubeError && error.isTransient)) return "refused";
  return tries < mostTries ? undefined : "failed";
}

const pauseMs = (error: unknown, tries: number): number =>
  Math.max(firstPauseMs * 2 ** (tries - 1), (error instanceof KubeError && error.retryAfterMs) || 0);

/** A namespace that goes takes its events along, and not everybody may write events: nothing to complain about. */
const isExpected = (error: unknown): boolean => error instanceof KubeError && (error.isForbidden || error.isNotFound);
