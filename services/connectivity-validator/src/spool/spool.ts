import { join } from "node:path";
import { ConfigError, type Service } from "@application-connector/service";
import type { DeliverableEvent } from "../delivery/delivery.ts";
import { ApplicationQueue } from "./application-queue.ts";
import { DamagedFiles } from "./damaged-files.ts";
import { DeadLetters } from "./dead-letters.ts";
import { Disk, type Files } from "./disk.ts";
import { DiskHealth } from "./disk-health.ts";
import { type FolderLock, lockFolder, unusable } from "./folder-lock.ts";
import { loadQueues, segmentsOf } from "./load-queues.ts";
import type { QueueSurroundings } from "./queue-surroundings.ts";
import { encodeRecord } from "./record.ts";

export interface SpoolOptions {
  readonly folder: string;
  /** On disk, given-up events aside: of all Applications, and of each. */
  readonly maxBytes: number;
  readonly maxBytesPerApplication: number;
  readonly log: Service["log"];
  /** How long another owner of the folder may take to end. */
  readonly lockWaitMs?: number;
  /** How long a write may take. */
  readonly writeTimeoutMs?: number;
  /** How often a disk that fails is tried. */
  readonly probeEveryMs?: number;
  readonly files?: Files;
}

/** What became of events that were to be stored. `failed`: they may be on disk all the same. */
export type Stored = "stored" | "full" | "failed";

const largestSegmentBytes = 4 * 1024 * 1024;
/** What may be in memory because the disk is slower than the senders. */
const maxUnsyncedBytes = 64 * 1024 * 1024;
/** Of all that may be on disk, for events that were given up, and once more for files that are damaged. */
const deadShare = 1 / 8;
const tidyEveryMs = 1_000;
/** A queue that is empty keeps its file for the next event for so long. */
const idleMs = 2_000;

/** Events that were acknowledged and that Eventing does not have yet, on a disk that survives this process. */
export class Spool {
  readonly deadLetters: DeadLetters;
  readonly health: DiskHealth;
  readonly damaged: DamagedFiles;
  stored = 0;
  readonly refused = { full: 0, failed: 0 };
  /** Told of a queue whose events are on disk. */
  onStored: (queue: ApplicationQueue) => void = () => undefined;
  private readonly queues: Map<string, ApplicationQueue>;
  private readonly options: SpoolOptions;
  private readonly around: QueueSurroundings;
  private readonly lock: FolderLock;
  private readonly timer: NodeJS.Timeout;
  private batches = 0;
  private tidying = false;
  private closed = false;

  private constructor(options: SpoolOptions, parts: SpoolParts) {
    this.options = options;
    this.around = parts.around;
    this.queues = parts.queues;
    this.deadLetters = parts.deadLetters;
    this.health = parts.health;
    this.damaged = parts.damaged;
    this.lock = parts.lock;
    this.timer = setInterval(() => void this.tidy(), tidyEveryMs).unref();
  }

  /** Takes the folder over, with what earlier runs have left there. Rejects with a `ConfigError` when it cannot be used. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const lock = await lockFolder(options.folder, options.lockWaitMs ?? 20_000);
    try {
      return new Spool(options, { lock, ...(await readFolder(options)) });
    } catch (error) {
      lock.release();
      throw error instanceof ConfigError ? error : unusable(options.folder, error);
    }
  }

  get bytes(): number {
    return this.around.usage.bytes;
  }

  /** Of Applications whose events wait, or have waited until a moment ago. */
  all(): Iterable<ApplicationQueue> {
    return this.queues.values();
  }

  /** Whether events of the Application wait, so that a later one must wait behind them. */
  holds(application: string): boolean {
    return (this.queues.get(application)?.events ?? 0) > 0;
  }

  /** When it says `stored`, the event is on disk. Never rejects, and always ends. */
  store(event: DeliverableEvent): Promise<Stored> {
    return this.storeAll([event]);
  }

  /** Several of one Application, with one write: all of them or none. */
  async storeAll(events: readonly DeliverableEvent[]): Promise<Stored> {
    const result = await this.tryToStore(events);
    if (result === "stored") this.stored += events.length;
    else this.refused[result] += events.length;
    return result;
  }

  private async tryToStore(events: readonly DeliverableEvent[]): Promise<Stored> {
    const { maxBytes, maxBytesPerApplication, writeTimeoutMs = 10_000 } = this.options;
    const { usage } = this.around;
    const [first] = events;
    if (this.closed) return "failed";
    if (first === undefined) return "stored";
    // It is tried by itself. Nobody has to wait for it, and what it half does leaves nothing behind with every event.
    if (!this.health.isWell) return this.health.isFull ? "full" : "failed";
    const { application } = first;
    const storedAtMs = Date.now();
    const batch = events.length > 1 ? `${storedAtMs}.${++this.batches}` : undefined;
    const records = events.map((event) => encodeRecord({ event, storedAtMs, batch }));
    const bytes = records.reduce((sum, { length }) => sum + length, 0);
    const queue = this.queues.get(application) ?? new ApplicationQueue(application, this.around);
    if (queue.bytes + bytes > maxBytesPerApplication || usage.bytes + bytes > maxBytes) return "full";
    if (usage.unsyncedBytes + bytes > maxUnsyncedBytes) return "full";
    this.queues.set(application, queue);
    // Also of what was written too late for its sender: it must not wait for the next one.
    const written = queue.append(records, storedAtMs).then(() => this.onStored(queue));
    try {
      await within(writeTimeoutMs, written);
    } catch (error) {
      if (error instanceof TookTooLong) this.health.failed(error);
      return this.health.isFull ? "full" : "failed";
    }
    return "stored";
  }

  /** Nothing is stored any more. What was stays on disk. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    this.health.stop();
    for (const queue of this.queues.values()) {
      await queue.settle();
      await queue.tidy();
    }
    this.lock.release();
  }

  private async tidy(): Promise<void> {
    if (this.tidying) return;
    this.tidying = true;
    const now = Date.now();
    for (const [application, queue] of this.queues) {
      if (!queue.isIdle || now - queue.lastAppendMs < idleMs) continue;
      const isEmpty = await queue.tidy();
      // An event may have come meanwhile.
      if (isEmpty && queue.isIdle) this.queues.delete(application);
    }
    this.tidying = false;
  }
}

interface SpoolParts {
  readonly around: QueueSurroundings;
  readonly queues: Map<string, ApplicationQueue>;
  readonly deadLetters: DeadLetters;
  readonly health: DiskHealth;
  readonly damaged: DamagedFiles;
  readonly lock: FolderLock;
}

async function readFolder(options: SpoolOptions): Promise<Omit<SpoolParts, "lock">> {
  const { folder, maxBytes, maxBytesPerApplication, log, files, probeEveryMs = 1_000 } = options;
  const disk = new Disk(files);
  const probe = () => disk.probe(join(folder, "queue", "probe"));
  const health = new DiskHealth({ log, folder, probe, probeEveryMs });
  let last = 0;
  const damagedFolder = join(folder, "damaged");
  const damaged = new DamagedFiles(disk, damagedFolder, maxBytes * deadShare, log);
  const shared = {
    disk,
    damaged,
    segmentBytes: Math.min(largestSegmentBytes, Math.ceil(Math.min(maxBytes, maxBytesPerApplication) / 8)),
    nextNumber: () => ++last,
    report: health,
  };
  const around = { ...shared, folder: join(folder, "queue"), usage: { bytes: 0, unsyncedBytes: 0 } };
  const ofDead = { ...shared, folder: join(folder, "dead"), usage: { bytes: 0, unsyncedBytes: 0 } };
  const [waiting, dead] = [await segmentsOf(around), await segmentsOf(ofDead)];
  // Those are looked at by somebody some day: no later one may take the place of one of them.
  const kept = await segmentsOf({ disk, folder: damagedFolder });
  await damaged.adopt(kept.map(({ path }) => path));
  for (const { number } of [...waiting, ...dead, ...kept]) last = Math.max(last, number);
  const queues = await loadQueues(around, waiting, health);
  const deadQueues = await loadQueues(ofDead, dead, health);
  return { around, queues, health, damaged, deadLetters: new DeadLetters(ofDead, deadQueues, maxBytes * deadShare) };
}

class TookTooLong extends Error {
  override readonly name = "TookTooLong";
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TookTooLong(`the disk has not written for ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
