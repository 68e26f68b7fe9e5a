import { type Clock, systemClock, type Timer } from "../clock.ts";
import { noQueueMetrics, type QueueMetrics } from "./queue-metrics.ts";
import { createRetryDelays, type RetryOptions } from "./retry-delay.ts";

/** `low` is for what nobody waits for: the first list, the regular look at everything. */
export type Priority = "normal" | "low";

export interface WorkQueueOptions extends RetryOptions {
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
  metrics?: QueueMetrics | undefined;
}

/**
 * Keys of things to look at. A key stands in it once, is never handed out while it is being worked on, and comes back
 * exactly once when it was added meanwhile.
 */
export interface WorkQueue {
  add(key: string, priority?: Priority): void;
  /** Adds the key later; with several delays the shortest counts. What is added at once needs no second look later. */
  addAfter(key: string, ms: number): void;
  /** Adds the key after a pause that grows with each failure until it is forgotten. Returns the pause. */
  addRateLimited(key: string, atLeastMs?: number): number;
  /** It went well: the next failure is the first one again. */
  forget(key: string): void;
  failures(key: string): number;
  /** The next key; undefined when there will be none any more. Call `done` when the work is. */
  get(): Promise<string | undefined>;
  done(key: string): void;
  /** Keys that wait to be handed out at once. */
  readonly depth: number;
  /** How long the work that takes longest has been going on. */
  readonly longestRunningMs: number;
  /**
   * Takes nothing more in; delayed keys go. With `drain` what waits is still handed out. Resolves when no key is being
   * worked on.
   */
  shutDown(options?: { drain?: boolean }): Promise<void>;
}

/** So many keys of normal priority pass before one of low priority does. */
const normalInARow = 4;

export function createWorkQueue(options: WorkQueueOptions = {}): WorkQueue {
  const { clock = systemClock, random = Math.random, metrics = noQueueMetrics } = options;
  const delays = createRetryDelays(clock, random, options);
  // Sets keep the order of insertion: first come, first served.
  const lanes: Record<Priority, Map<string, number>> = { normal: new Map(), low: new Map() };
  const running = new Map<string, number>();
  const touched = new Map<string, Priority>();
  const delayed = new Map<string, { timer: Timer; dueMs: number }>();
  const takers: ((key: string | undefined) => void)[] = [];
  const idle: (() => void)[] = [];
  let inARow = 0;
  let isShut = false;

  const undelay = (key: string): void => {
    delayed.get(key)?.timer.cancel();
    delayed.delete(key);
  };
  const isWaiting = (key: string): boolean => lanes.normal.has(key) || lanes.low.has(key) || touched.has(key);

  const pick = (): [Priority, string, number] | undefined => {
    const low = lanes.low.size > 0 && (lanes.normal.size === 0 || inARow >= normalInARow);
    const priority = low ? "low" : "normal";
    const [first] = lanes[priority];
    return first && [priority, ...first];
  };
  const take = (): string | undefined => {
    const picked = pick();
    if (!picked) return undefined;
    const [priority, key, sinceMs] = picked;
    inARow = priority === "low" ? 0 : inARow + 1;
    lanes[priority].delete(key);
    running.set(key, clock.now());
    metrics.taken((clock.now() - sinceMs) / 1000);
    return key;
  };
  /** Behind everything that is added in one go, so that a key among it several times is one piece of work. */
  const serve = (): void => {
    while (takers.length > 0 && lanes.normal.size + lanes.low.size > 0) takers.shift()?.(take());
  };
  const enqueue = (key: string, priority: Priority): void => {
    if (lanes.normal.has(key)) return;
    const sinceMs = lanes.low.get(key);
    if (sinceMs !== undefined && priority === "low") return;
    lanes.low.delete(key);
    lanes[priority].set(key, sinceMs ?? clock.now());
    if (takers.length > 0) queueMicrotask(serve);
  };
  const settle = (): void => {
    if (!isShut || lanes.normal.size + lanes.low.size > 0) return;
    for (const taker of takers.splice(0)) taker(undefined);
    if (running.size === 0) for (const resolve of idle.splice(0)) resolve();
  };
  const add = (key: string, priority: Priority): void => {
    if (isShut) return;
    undelay(key);
    if (!isWaiting(key)) metrics.added();
    if (!running.has(key)) enqueue(key, priority);
    else if (touched.get(key) !== "normal") touched.set(key, priority);
  };
  const addAfter = (key: string, ms: number): void => {
    if (isShut || isWaiting(key)) return;
    const dueMs = clock.now() + Math.max(0, ms);
    const known = delayed.get(key);
    if (known && known.dueMs <= dueMs) return;
    known?.timer.cancel();
    delayed.set(key, { timer: clock.setTimeout(() => add(key, "normal"), ms), dueMs });
  };

  return {
    add: (key, priority = "normal") => add(key, priority),
    addAfter,
    addRateLimited(key, atLeastMs = 0) {
      const ms = Math.max(delays.next(key), atLeastMs);
      metrics.retried();
      addAfter(key, ms);
      return ms;
    },
    forget: delays.forget,
    failures: delays.failures,
    async get() {
      const key = take();
      if (key !== undefined || isShut) return key;
      return await new Promise((resolve) => takers.push(resolve));
    },
    done(key) {
      const startedMs = running.get(key);
      if (startedMs === undefined) return;
      running.delete(key);
      metrics.worked((clock.now() - startedMs) / 1000);
      const again = touched.get(key);
      touched.delete(key);
      if (again && !isShut) enqueue(key, again);
      settle();
    },
    get depth() {
      return lanes.normal.size + lanes.low.size;
    },
    get longestRunningMs() {
      const [first] = running.values();
      return first === undefined ? 0 : clock.now() - first;
    },
    async shutDown({ drain = false } = {}) {
      isShut = true;
      for (const key of [...delayed.keys()]) undelay(key);
      if (!drain) for (const lane of Object.values(lanes)) lane.clear();
      const ended = new Promise<void>((resolve) => idle.push(resolve));
      settle();
      await ended;
    },
  };
}
