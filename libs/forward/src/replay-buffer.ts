import { tmpdir } from "node:os";
import type { ReplayStore, ReplayStoreOptions } from "./door.ts";
import { SpillFile, type SpillUser } from "./spill-file.ts";

const mebibyte = 1024 * 1024;
/** What a chunk costs beside its bytes. */
const chunkOverhead = 200;
/** The part of all that is kept which may be in memory; what comes beyond it goes to the disk at once. */
const memoryShare = 1 / 8;

/** What the buffers of a process share: where they spill to, how much they hold, and how much they may. */
export class ReplayBudget implements ReplayStore {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly folder: string;
  private readonly totalBytes: number;
  private readonly onError: ((error: Error) => void) | undefined;
  private inMemory = 0;
  private onDisk = 0;

  constructor(options: ReplayStoreOptions = {}) {
    this.memoryBytes = options.memoryBytes ?? mebibyte;
    this.diskBytes = options.diskBytes ?? 64 * mebibyte;
    this.totalBytes = options.totalBytes ?? 256 * mebibyte;
    this.folder = options.folder ?? tmpdir();
    this.onError = options.onError;
  }

  get bytes(): number {
    return this.inMemory + this.onDisk;
  }

  /** Whether a body that declares its length could be kept at all. */
  couldKeep(contentLength: number | undefined): boolean {
    return (contentLength ?? 0) <= this.memoryBytes + this.diskBytes;
  }

  takeMemory(bytes: number): boolean {
    if (this.inMemory + bytes > this.totalBytes * memoryShare || this.bytes + bytes > this.totalBytes) return false;
    this.inMemory += bytes;
    return true;
  }

  takeDisk(bytes: number): boolean {
    if (this.bytes + bytes > this.totalBytes) return false;
    this.onDisk += bytes;
    return true;
  }

  give(memory: number, disk: number): void {
    this.inMemory -= memory;
    this.onDisk -= disk;
  }

  diskFailed(error: Error): void {
    this.onError?.(error);
  }
}

/** Who fills a buffer, and is given back what it holds. */
export interface ReplayUser {
  /** After `keep` was false: go on. */
  onReplayRoom(): void;
  onReplayPiece(piece: Buffer): void;
  /** All that was kept has been played. */
  onReplayEnd(): void;
  /** What was kept is lost while it was played. */
  onReplayLost(error: Error): void;
}

/**
 * The begin of one request body, kept while it is sent on, so that it can be sent once more: first in memory, then in a
 * file. A body that outgrows its limits is let go of, and can't be sent again; that is no error.
 */
export class ReplayBuffer implements SpillUser {
  /** All that was given to it is there. */
  isIntact = true;
  private readonly budget: ReplayBudget;
  private readonly user: ReplayUser;
  private chunks: Buffer[] = [];
  private memory = 0;
  private disk = 0;
  private file: SpillFile | undefined = undefined;
  private playing = false;
  private paused = false;
  /** What is played next: a chunk, and when there is none left, a place in the file. */
  private nextChunk = 0;
  private position = 0;
  private reading = false;
  private onSettled: ((isIntact: boolean) => void) | undefined = undefined;
  /** Tells pieces that were read for this round from those that come late from an earlier one. */
  private round = 0;

  constructor(budget: ReplayBudget, user: ReplayUser) {
    this.budget = budget;
    this.user = user;
  }

  /** Keeps a copy of what is sent on; false: wait for `onReplayRoom` before the next one. */
  keep(chunk: Buffer): boolean {
    if (!this.isIntact) return true;
    const cost = chunk.length + chunkOverhead;
    const { budget } = this;
    if (this.file === undefined && this.memory + cost <= budget.memoryBytes && budget.takeMemory(cost)) {
      this.memory += cost;
      this.chunks.push(chunk);
      return true;
    }
    if (this.disk + chunk.length > budget.diskBytes || !budget.takeDisk(chunk.length)) {
      this.release();
      return true;
    }
    this.disk += chunk.length;
    this.file ??= new SpillFile(budget.folder, this);
    return this.file.write(chunk);
  }

  /** Whether all is kept for certain: at once, or when the disk has taken what is on its way there. */
  settled(): boolean | Promise<boolean> {
    if (!this.isIntact || this.file === undefined || this.file.isWritten) return this.isIntact;
    return new Promise((resolve) => {
      this.onSettled = resolve;
    });
  }

  /** Gives everything back from the start, beginning with the next `resume`. */
  rewind(): void {
    this.playing = true;
    this.paused = true;
    this.nextChunk = 0;
    this.position = 0;
    this.reading = false;
    this.round += 1;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    if (this.playing && !this.reading) this.go();
  }

  /** Nobody will want it any more. */
  release(): void {
    this.isIntact = false;
    this.playing = false;
    this.onSettled?.(false);
    this.chunks = [];
    this.file?.close();
    this.file = undefined;
    this.budget.give(this.memory, this.disk);
    this.memory = 0;
    this.disk = 0;
  }

  onRoom(): void {
    this.user.onReplayRoom();
  }

  onWritten(): void {
    this.onSettled?.(true);
  }

  onSpillFailed(error: Error): void {
    const { playing } = this;
    this.release();
    this.budget.diskFailed(error);
    if (playing) this.user.onReplayLost(error);
    else this.user.onReplayRoom();
  }

  private go(): void {
    while (this.playing && !this.paused && this.nextChunk < this.chunks.length) {
      this.user.onReplayPiece(this.chunks[this.nextChunk++] as Buffer);
    }
    if (!this.playing || this.paused || this.nextChunk < this.chunks.length) return;
    const { file } = this;
    if (file === undefined || this.position === file.size) {
      this.playing = false;
      this.user.onReplayEnd();
      return;
    }
    const { round } = this;
    this.reading = true;
    file.read(this.position, (piece) => {
      if (round !== this.round) return;
      this.reading = false;
      this.position += piece.length;
      this.user.onReplayPiece(piece);
      if (!this.paused && !this.reading) this.go();
    });
  }
}
