import type { Disk } from "./disk.ts";
import { codeOf } from "./make-folder.ts";
import type { Segment } from "./queue-surroundings.ts";
import { checkRecord, recordLength, type StoredEvent, tryToDecode } from "./record.ts";

/** An event that waits, and where the next one begins. */
export interface Head {
  readonly stored: StoredEvent;
  readonly end: number;
}

const aheadBytes = 64 * 1024;

/** Reads the records of a queue's segments one after the other, several at a time. */
export class SegmentReader {
  private readonly disk: Disk;
  private ahead: { readonly segment: Segment; readonly start: number; readonly bytes: Buffer } | undefined;

  constructor(disk: Disk) {
    this.disk = disk;
  }

  /** What is not needed at once is not kept in memory. */
  rest(): void {
    this.ahead = undefined;
  }

  /** Bytes that hold the whole record at that position of the segment, and where in them it begins. */
  async bytesAt(segment: Segment, position: number): Promise<{ bytes: Buffer; at: number }> {
    const { committed, marker } = segment;
    if (this.ahead?.segment === segment && this.ahead.start <= position) {
      const at = position - this.ahead.start;
      const length = recordLength(this.ahead.bytes, at, marker);
      if (length !== undefined && at + length <= this.ahead.bytes.length) return { bytes: this.ahead.bytes, at };
    }
    let bytes = await this.read(segment, position, Math.min(aheadBytes, committed - position));
    const length = recordLength(bytes, 0, marker) ?? 0;
    if (length > bytes.length) bytes = await this.read(segment, position, Math.min(length, committed - position));
    this.ahead = { segment, start: position, bytes };
    return { bytes, at: 0 };
  }

  /** That event, and those behind it that came in the same request; what is wrong with one is looked at when its turn comes. */
  async batchFrom(segment: Segment, first: Head): Promise<Head[]> {
    const heads = [first];
    const { batch } = first.stored;
    for (let { end } = first; batch !== undefined && end < segment.committed; ) {
      const next = await this.eventAt(segment, end).catch(() => undefined);
      if (next?.stored.batch !== batch) break;
      heads.push(next);
      end = next.end;
    }
    return heads;
  }

  async read({ path, hasGaps }: Segment, position: number, length: number): Promise<Buffer> {
    if (!hasGaps) return await this.disk.read(path, position, length);
    try {
      return await this.disk.readAround(path, position, length);
    } catch (error) {
      // Somebody has removed it.
      if (codeOf(error) === "ENOENT") return Buffer.alloc(0);
      throw error;
    }
  }

  private async eventAt(segment: Segment, position: number): Promise<Head | undefined> {
    const { bytes, at } = await this.bytesAt(segment, position);
    const end = checkRecord(bytes, at, segment.marker);
    const stored = end === undefined ? undefined : tryToDecode(bytes, { start: at, end });
    return end === undefined || stored === undefined ? undefined : { stored, end: position + (end - at) };
  }
}
