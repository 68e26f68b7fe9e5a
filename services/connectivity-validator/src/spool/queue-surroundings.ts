import type { DamagedFiles } from "./damaged-files.ts";
import type { Disk } from "./disk.ts";
import type { Marker } from "./record.ts";

/** What all queues of a folder share. */
export interface QueueSurroundings {
  readonly disk: Disk;
  readonly folder: string;
  /** Where segments with damaged records are kept once they are through. */
  readonly damaged: Pick<DamagedFiles, "keep">;
  readonly segmentBytes: number;
  /** Of all queues together. */
  readonly usage: Usage;
  nextNumber(): number;
  report: DiskReport;
}

export interface Usage {
  /** On disk, or about to be. */
  bytes: number;
  /** In memory, because the disk does not have them yet. */
  unsyncedBytes: number;
}

export interface DiskReport {
  /** The disk did what it was asked for. */
  well(): void;
  failed(error: unknown): void;
  /** An acknowledged event, or several of them, cannot be read. */
  damaged(path: string, bytes: number): void;
}

export interface Segment {
  readonly path: string;
  readonly marker: Marker;
  /** Up to here events were delivered. */
  position: number;
  /** Up to here the disk has it. */
  committed: number;
  /** That the disk has and that wait. */
  events: number;
  /** Nothing is appended any more. */
  closed: boolean;
  damaged: boolean;
  /** The disk does not give all of it: what it does give is read block by block. */
  hasGaps: boolean;
}
