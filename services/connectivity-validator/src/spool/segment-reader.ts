import type { Disk } from "./disk.ts";
import { codeOf } from "./make-folder.ts";
import type { Segment } from "./queue-surroundings.ts";
import { recordLength } from "./record.ts";

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

  /** Bytes that hold the whole record at the segment's position, and where in them it begins. */
  async bytesAt(segment: Segment): Promise<{ bytes: Buffer; at: number }> {
    const { position, committed, marker } = segment;
    if (this.ahead?.segment === segment) {
      const at = position - this.ahead.start;
      const length = recordLength(this.ahead.bytes, at, marker);
      if (length !== undefined && at + length <= this.ahead.bytes.length) return { bytes: this.ahead.bytes, at };
    }
    let bytes = await this.read(segment, Math.min(aheadBytes, committed - position));
    const length = recordLength(bytes, 0, marker) ?? 0;
    if (length > bytes.length) bytes = await this.read(segment, Math.min(length, committed - position));
    this.ahead = { segment, start: position, bytes };
    return { bytes, at: 0 };
  }

  /** From the segment's position on. */
  async read({ path, position, hasGaps }: Segment, length: number): Promise<Buffer> {
    if (!hasGaps) return await this.disk.read(path, position, length);
    try {
      return await this.disk.readAround(path, position, length);
    } catch (error) {
      // Somebody has removed it.
      if (codeOf(error) === "ENOENT") return Buffer.alloc(0);
      throw error;
    }
  }
}
