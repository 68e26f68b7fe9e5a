import { join } from "node:path";
import { codeOf } from "./make-folder.ts";
import type { QueueSurroundings, Segment } from "./queue-surroundings.ts";
import { checkRecord, intactRecords, stamp, tryToDecode } from "./record.ts";
import { cursorAt, encodeCursor, firstRecordAt, newSegment, segmentName } from "./segment.ts";
import { type Head, SegmentReader } from "./segment-reader.ts";

interface Waiting {
  /** They get to the disk together, or none of them is acknowledged. */
  readonly records: readonly Buffer[];
  readonly bytes: number;
  readonly done: (error: unknown) => void;
}

/** What one write takes at most. */
const batchBytes = 4 * 1024 * 1024;

/** The events of one Application that wait on disk, in the order in which they were acknowledged. */
export class ApplicationQueue {
  readonly application: string;
  /** That wait, those that the disk does not have yet included. */
  events = 0;
  bytes = 0;
  /** When the first of them was acknowledged, in ms since the epoch. */
  oldestMs = 0;
  lastAppendMs = 0;
  private readonly around: QueueSurroundings;
  private readonly segments: Segment[] = [];
  /** Files that could not be removed yet. */
  private readonly leftovers: Segment[] = [];
  private readonly waiting: Waiting[] = [];
  private committing: Promise<void> | undefined;
  private writing: Segment | undefined;
  private savingCursor: Promise<void> | undefined;
  private readonly reader: SegmentReader;

  constructor(application: string, around: QueueSurroundings) {
    this.application = application;
    this.around = around;
    this.reader = new SegmentReader(around.disk);
  }

  /** Whether nothing waits, and nothing is being written. */
  get isIdle(): boolean {
    return this.events === 0 && this.committing === undefined;
  }

  /** Adds what was found on disk at the start, oldest first. */
  adopt(segment: Segment): void {
    this.segments.push(segment);
    this.events += segment.events;
    this.count(segment.committed);
  }

  /** Resolves when the events are on disk; rejects when they may not be. */
  append(records: readonly Buffer[], storedAtMs: number): Promise<void> {
    const bytes = records.reduce((sum, { length }) => sum + length, 0);
    if (this.events === 0) this.oldestMs = storedAtMs;
    this.lastAppendMs = Date.now();
    this.events += records.length;
    this.count(bytes);
    this.around.usage.unsyncedBytes += bytes;
    return new Promise((resolve, reject) => {
      const done = (error: unknown): void => {
        this.around.usage.unsyncedBytes -= bytes;
        if (error !== undefined) {
          this.events -= records.length;
          this.count(-bytes);
          reject(error);
        } else resolve();
      };
      this.waiting.push({ records, bytes, done });
      this.committing ??= this.commit();
    });
  }

  /** The first event that waits; undefined when there is none that the disk has. */
  async peek(): Promise<Head | undefined> {
    for (;;) {
      const [segment] = this.segments;
      if (segment === undefined) return undefined;
      if (segment.position < segment.committed) {
        const head = await this.read(segment);
        if (head !== undefined) return head;
        continue;
      }
      if (!segment.closed || segment === this.writing) return undefined;
      await this.retire(segment);
    }
  }

  /** The first event, and those behind it that came with it in one batch. */
  async peekBatch(): Promise<readonly Head[]> {
    const first = await this.peek();
    return first === undefined ? [] : await this.reader.batchFrom(this.segments[0] as Segment, first);
  }

  /** The event that was peeked at needs to wait no longer. */
  async advance({ end }: Head): Promise<void> {
    const segment = this.segments[0] as Segment;
    segment.position = end;
    this.forget(segment, 1);
    if (this.isThrough(segment)) await this.retire(segment);
    else this.savingCursor ??= this.saveCursor(segment);
  }

  /** Gives up on what the disk does not give, and on no more than that: what can be read of the segment is still to come. */
  readAroundGaps(): void {
    const [segment] = this.segments;
    if (segment === undefined) return;
    segment.hasGaps = true;
    segment.closed = true;
  }

  /** What is not needed at once is not kept in memory. */
  rest(): void {
    this.reader.rest();
  }

  /** Removes the oldest events unread. */
  async dropOldest(): Promise<void> {
    const [segment] = this.segments;
    if (segment === undefined || segment === this.writing) return;
    segment.closed = true;
    this.forget(segment, segment.events);
    await this.retire(segment);
  }

  /** Removes what is not needed any more; true when nothing is left. */
  async tidy(): Promise<boolean> {
    this.reader.rest();
    for (const segment of this.leftovers.splice(0)) await this.removeFile(segment);
    if (!this.isIdle) return false;
    // All of them at once: what comes while the files are removed goes to a segment of its own.
    for (const segment of this.segments) segment.closed = true;
    for (const segment of this.segments.filter((each) => this.isThrough(each))) await this.retire(segment);
    return this.isIdle && this.segments.length === 0 && this.leftovers.length === 0;
  }

  /** Resolves when the disk has, or has refused, what was appended, and knows how far delivery has come. */
  async settle(): Promise<void> {
    await this.committing;
    await this.savingCursor;
    const [segment] = this.segments;
    if (segment !== undefined && segment.position > firstRecordAt) await this.saveCursor(segment);
  }

  private isThrough(segment: Segment): boolean {
    return segment.closed && segment !== this.writing && segment.position >= segment.committed;
  }

  private forget(segment: Segment, events: number): void {
    segment.events -= events;
    this.events -= events;
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.around.usage.bytes += bytes;
  }

  /** Group commit: while the disk is busy with some events, the next ones gather. */
  private async commit(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.takeBatch();
      let failure: unknown;
      try {
        await this.write(batch.flatMap(({ records }) => records));
        this.around.report.well();
      } catch (error) {
        failure = error;
        this.around.report.failed(error);
      }
      this.writing = undefined;
      for (const { done } of batch) done(failure);
    }
    this.committing = undefined;
  }

  private takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const next of this.waiting) {
      if (count > 0 && bytes + next.bytes > batchBytes) break;
      bytes += next.bytes;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async write(records: readonly Buffer[]): Promise<void> {
    const last = this.segments.at(-1);
    const segment = last === undefined || last.closed ? await this.addSegment() : last;
    this.writing = segment;
    try {
      await this.around.disk.append(
        segment.path,
        records.map((record) => stamp(record, segment.marker)),
        segment.committed,
      );
    } catch (error) {
      // After a failed sync nobody knows what the disk has. What is behind `committed` was not acknowledged, and is not read.
      segment.closed = true;
      await this.around.disk.truncate(segment.path, segment.committed).catch(() => undefined);
      this.writing = undefined;
      // A disk that takes names and no events would fill up with files.
      if (this.isThrough(segment)) await this.retire(segment);
      throw error;
    }
    for (const { length } of records) segment.committed += length;
    segment.events += records.length;
    if (segment.committed >= this.around.segmentBytes) segment.closed = true;
  }

  private async addSegment(): Promise<Segment> {
    const { disk, folder, nextNumber } = this.around;
    const path = join(folder, segmentName(nextNumber(), this.application));
    const { marker, bytes } = newSegment();
    await disk.create(folder, path, bytes);
    const committed = bytes.length;
    const segment = {
      path,
      marker,
      position: committed,
      committed,
      events: 0,
      closed: false,
      damaged: false,
      hasGaps: false,
    };
    this.segments.push(segment);
    this.count(committed);
    return segment;
  }

  /** The event at the segment's position; undefined when there was none to be read, and the position is behind that. */
  private async read(segment: Segment): Promise<Head | undefined> {
    const { bytes, at } = await this.reader.bytesAt(segment, segment.position);
    const end = checkRecord(bytes, at, segment.marker);
    if (end === undefined) {
      await this.skipDamaged(segment);
      return undefined;
    }
    const stored = tryToDecode(bytes, { start: at, end });
    if (stored === undefined) {
      this.damagedUntil(segment, segment.position + (end - at), segment.events - 1);
      return undefined;
    }
    this.oldestMs = stored.storedAtMs;
    return { stored, end: segment.position + (end - at) };
  }

  private async skipDamaged(segment: Segment): Promise<void> {
    const { position, committed, marker } = segment;
    const bytes = await this.reader.read(segment, position, committed - position);
    const left = intactRecords(bytes, marker);
    this.damagedUntil(segment, position + (left[0]?.start ?? committed - position), left.length);
  }

  /** `left` is how many events can still be read behind it. */
  private damagedUntil(segment: Segment, end: number, left: number): void {
    this.around.report.damaged(segment.path, end - segment.position);
    this.forget(segment, segment.events - left);
    segment.damaged = true;
    segment.position = end;
    this.reader.rest();
  }

  private async retire(segment: Segment): Promise<void> {
    const at = this.segments.indexOf(segment);
    if (at < 0) return;
    this.segments.splice(at, 1);
    this.reader.rest();
    await this.removeFile(segment);
  }

  /** What cannot be removed now is tried again: it would be delivered once more after the next start. */
  private async removeFile(segment: Segment): Promise<void> {
    const { disk, damaged, report } = this.around;
    try {
      await (segment.damaged ? damaged.keep(segment.path) : disk.remove(segment.path));
    } catch (error) {
      if (codeOf(error) !== "ENOENT") {
        report.failed(error);
        this.leftovers.push(segment);
        return;
      }
    }
    this.count(-segment.committed);
  }

  /** One write at a time, of the latest position. A lost one costs nothing but events that are delivered twice. */
  private async saveCursor(segment: Segment): Promise<void> {
    for (let saved = -1; saved !== segment.position && this.segments[0] === segment; ) {
      saved = segment.position;
      await this.around.disk.overwrite(segment.path, encodeCursor(saved), cursorAt).catch(() => undefined);
    }
    this.savingCursor = undefined;
  }
}
