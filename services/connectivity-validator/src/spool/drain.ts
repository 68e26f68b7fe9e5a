import type { Service } from "@application-connector/service";
import { deliverAll } from "../delivery/deliver-all.ts";
import type { DeliverableEvent, Delivery, DeliveryResult } from "../delivery/delivery.ts";
import type { ApplicationQueue } from "./application-queue.ts";
import { classify, retryDelayMs } from "./classify.ts";
import { isUnreadable } from "./disk.ts";
import { codeOf } from "./make-folder.ts";
import type { Head } from "./segment-reader.ts";
import type { Spool } from "./spool.ts";

export interface DrainOptions {
  /** Where the events go. */
  readonly to: Delivery;
  readonly log: Service["log"];
  /** Older ones are given up when they cannot be delivered. */
  readonly maxAgeMs: number;
  /** Told of every attempt. */
  readonly onAttempt: (result: DeliveryResult, seconds: number) => void;
  /** Reads that fail so often in a row, on a disk that works, have found a part of it that is gone. */
  readonly maxReadFailures?: number;
}

/** How many Applications are delivered for at the same time: one event of each, or one batch, is in memory. */
const concurrency = 32;
/** So many events one after the other, then it is another one's turn. */
const turn = 16;
/** A success may wake the others only so often: one that fails for reasons of its own must not be tried all the time. */
const wakeEveryMs = 1_000;
const lastMomentMs = 200;

interface Course {
  readonly queue: ApplicationQueue;
  /** That failed, one after the other. */
  attempts: number;
  readFailures: number;
  state: "ready" | "running" | "waiting";
  /** Something was stored since it was found empty. */
  woken: boolean;
  timer: NodeJS.Timeout | undefined;
  /** Eventing itself has named the time. */
  isBound: boolean;
}

/** Brings stored events to where they belong, those of one Application one after the other. */
export class Drain {
  delivered = 0;
  private readonly spool: Spool;
  private readonly options: DrainOptions;
  private readonly courses = new Map<ApplicationQueue, Course>();
  private readonly ready: Course[] = [];
  private running = 0;
  private wokenAt = 0;
  private stopping = false;
  private stopped = false;
  private onRest: (() => void) | undefined;

  constructor(spool: Spool, options: DrainOptions) {
    this.spool = spool;
    this.options = options;
    spool.onStored = (queue) => this.wake(queue);
    for (const queue of spool.all()) this.wake(queue);
  }

  /** Goes on until nothing is left, or the time is over; then what is under way has a last moment to end. */
  async stop(deadline: AbortSignal): Promise<void> {
    const rest = Promise.withResolvers<void>();
    this.onRest = rest.resolve;
    let last: NodeJS.Timeout | undefined;
    const giveUp = () => {
      this.stopping = true;
      last = setTimeout(rest.resolve, lastMomentMs);
      this.look();
    };
    if (deadline.aborted) giveUp();
    else deadline.addEventListener("abort", giveUp, { once: true });
    this.look();
    await rest.promise;
    deadline.removeEventListener("abort", giveUp);
    clearTimeout(last);
    this.stopping = true;
    this.stopped = true;
    for (const { timer } of this.courses.values()) clearTimeout(timer);
  }

  private wake(queue: ApplicationQueue): void {
    const course = this.courses.get(queue);
    if (course !== undefined) course.woken = true;
    else {
      const fresh: Course = {
        queue,
        attempts: 0,
        readFailures: 0,
        state: "ready",
        woken: false,
        timer: undefined,
        isBound: false,
      };
      this.courses.set(queue, fresh);
      this.makeReady(fresh);
    }
  }

  private makeReady(course: Course): void {
    clearTimeout(course.timer);
    course.state = "ready";
    this.ready.push(course);
    this.look();
  }

  private look(): void {
    while (this.running < concurrency && !this.stopping) {
      const course = this.ready.shift();
      if (course === undefined) break;
      course.state = "running";
      this.running++;
      void this.run(course);
    }
    if (this.running === 0 && (this.stopping || this.courses.size === 0)) this.onRest?.();
  }

  private async run(course: Course): Promise<void> {
    let waitMs: number | undefined;
    let isEmpty = false;
    for (let count = 0; count < turn && waitMs === undefined && !isEmpty && !this.stopping; count++) {
      course.woken = false;
      const heads = await this.peek(course);
      const [head] = typeof heads === "number" ? [] : heads;
      if (typeof heads === "number") waitMs = heads;
      else if (head === undefined) isEmpty = true;
      else if (heads.length > 1) waitMs = await this.deliverTogether(course, heads);
      else waitMs = await this.deliver(course, head);
    }
    this.running--;
    if (waitMs !== undefined || isEmpty || this.ready.length > 0) course.queue.rest();
    if (waitMs !== undefined) {
      course.state = "waiting";
      if (!this.stopping) course.timer = setTimeout(() => this.makeReady(course), waitMs);
      this.look();
    } else if (isEmpty && !course.woken) {
      this.courses.delete(course.queue);
      this.look();
    } else this.makeReady(course);
  }

  /** A number: how long to wait before the next look. */
  private async peek(course: Course): Promise<readonly Head[] | number> {
    const { queue, attempts } = course;
    try {
      // Eventing that has failed gets one event to show that it is well.
      const isBatch = attempts === 0 && this.options.to.deliverAll !== undefined;
      const heads = isBatch ? await queue.peekBatch() : [(await queue.peek()) ?? []].flat();
      course.readFailures = 0;
      return heads;
    } catch (error) {
      const { health } = this.spool;
      const { maxReadFailures = 10 } = this.options;
      if (course.readFailures++ === 0) health.unread(error);
      // A volume that is away as a whole comes back with all that is on it.
      if (course.readFailures >= maxReadFailures && isGone(error) && (await health.works())) queue.readAroundGaps();
      return retryDelayMs(course.readFailures);
    }
  }

  /** One attempt. Undefined: on to the next event; a number: how long to wait before another attempt. */
  private async deliver(course: Course, head: Head): Promise<number | undefined> {
    const { to, onAttempt } = this.options;
    // Not untried: the program, and not Eventing, may have been away for so long, or the clock was set.
    if (this.isLate(head) && course.attempts > 0) return await this.giveUpOn(course, head, "expired");
    const startedAt = performance.now();
    const result = await attempt(to, head.stored.event);
    // The folder may be another one's by now; the event is delivered once more after the next start.
    if (this.stopped) return 0;
    onAttempt(result, (performance.now() - startedAt) / 1000);
    return await this.conclude(course, head, result);
  }

  /** One attempt for events that came together. From the first one on that must wait, all of them are tried again. */
  private async deliverTogether(course: Course, heads: readonly Head[]): Promise<number | undefined> {
    const { to, onAttempt } = this.options;
    const startedAt = performance.now();
    const results = await attemptAll(
      to,
      heads.map(({ stored }) => stored.event),
    );
    if (this.stopped) return 0;
    const seconds = (performance.now() - startedAt) / 1000;
    for (const [at, head] of heads.entries()) {
      const result = results[at] ?? ({ kind: "protocol" } as const);
      if (at === 0 || classify(result, Date.now()).outcome === "later") onAttempt(result, seconds);
      const waitMs = await this.conclude(course, head, result);
      if (waitMs !== undefined) return waitMs;
    }
    return undefined;
  }

  /** One that was given up before was put back by somebody who wants it delivered. */
  private isLate({ stored: { storedAtMs, reason } }: Head): boolean {
    return reason === undefined && Date.now() - storedAtMs > this.options.maxAgeMs;
  }

  /** Draws the consequence of an attempt; the answer is as that of {@link deliver}. */
  private async conclude(course: Course, head: Head, result: DeliveryResult): Promise<number | undefined> {
    const { log } = this.options;
    const { queue } = course;
    const verdict = classify(result, Date.now());
    if (verdict.outcome === "refused") {
      course.attempts = 0;
      return await this.giveUpOn(course, head, verdict.reason);
    }
    if (verdict.outcome === "later") {
      if (course.attempts++ === 0) {
        const { application } = queue;
        log.warn({ application, events: queue.events, why: verdict.why }, "Events wait in the spool.");
      }
      if (this.isLate(head)) return await this.giveUpOn(course, head, "expired");
      course.isBound = verdict.afterMs !== undefined;
      return Math.max(retryDelayMs(course.attempts), verdict.afterMs ?? 0);
    }
    if (course.attempts > 0) {
      log.info({ application: queue.application, events: queue.events }, "Events of the spool are delivered again.");
      course.attempts = 0;
    }
    this.delivered++;
    await queue.advance(head);
    this.wakeOthers();
    return undefined;
  }

  /** Kept before it is removed; as long as it cannot be kept, it is not given up. */
  private async giveUpOn(course: Course, head: Head, reason: string): Promise<number | undefined> {
    const { application } = course.queue;
    try {
      await this.spool.deadLetters.add(head.stored, reason);
    } catch {
      return retryDelayMs(++course.attempts);
    }
    // The folder may be another one's by now.
    if (this.stopped) return 0;
    this.options.log.error(
      { application, reason },
      "An event that was acknowledged was given up; it is kept with the dead letters.",
    );
    await course.queue.advance(head);
    return undefined;
  }

  /** Eventing is well: who waits because it was not need not wait until its time comes. */
  private wakeOthers(): void {
    const now = performance.now();
    if (now - this.wokenAt < wakeEveryMs) return;
    this.wokenAt = now;
    for (const course of this.courses.values())
      if (course.state === "waiting" && !course.isBound) this.makeReady(course);
  }
}

/** What a part of the disk that is gone says, or a file that somebody has removed. */
const isGone = (error: unknown): boolean => isUnreadable(error) || codeOf(error) === "ENOENT";

/** Nothing that goes wrong in a delivery may end the drain. */
async function attempt(to: Delivery, event: Head["stored"]["event"]): Promise<DeliveryResult> {
  try {
    return await to.deliver(event);
  } catch (error) {
    return { kind: "protocol", error: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function attemptAll(to: Delivery, events: readonly DeliverableEvent[]): Promise<readonly DeliveryResult[]> {
  try {
    return await deliverAll(to, events, () => undefined);
  } catch (error) {
    const failure = { kind: "protocol", error: error instanceof Error ? error : new Error(String(error)) } as const;
    return events.map(() => failure);
  }
}
