import { ApplicationQueue } from "./application-queue.ts";
import type { QueueSurroundings } from "./queue-surroundings.ts";
import { encodeRecord, type StoredEvent } from "./record.ts";

/** Events that were acknowledged and given up: kept for somebody to look at, as long as there is room. */
export class DeadLetters {
  /** How many were added, by reason. */
  readonly added = new Map<string, number>();
  /** How many had to make room for later ones. */
  dropped = 0;
  private readonly around: QueueSurroundings;
  private readonly queues: Map<string, ApplicationQueue>;
  private readonly maxBytes: number;

  constructor(around: QueueSurroundings, queues: Map<string, ApplicationQueue>, maxBytes: number) {
    this.around = around;
    this.queues = queues;
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.around.usage.bytes;
  }

  /** Resolves when the disk has it. */
  async add(stored: StoredEvent, reason: string): Promise<void> {
    const { application } = stored.event;
    await this.makeRoom(stored.event.body.length);
    const queue = this.queues.get(application) ?? new ApplicationQueue(application, this.around);
    this.queues.set(application, queue);
    await queue.append([encodeRecord({ ...stored, reason })], stored.storedAtMs);
    this.added.set(reason, (this.added.get(reason) ?? 0) + 1);
  }

  /** Whoever fills the room loses its own first. */
  private async makeRoom(bytes: number): Promise<void> {
    while (this.bytes + bytes > this.maxBytes) {
      let largest: ApplicationQueue | undefined;
      for (const queue of this.queues.values()) if (queue.bytes > (largest?.bytes ?? 0)) largest = queue;
      const events = largest?.events ?? 0;
      await largest?.dropOldest();
      const dropped = events - (largest?.events ?? 0);
      if (dropped === 0) return;
      this.dropped += dropped;
    }
  }
}
