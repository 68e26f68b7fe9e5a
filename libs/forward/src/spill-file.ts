import { randomUUID } from "node:crypto";
import { close, open, read, unlink, writev } from "node:fs";
import path from "node:path";

/** More than this on its way to the disk, and whoever writes should wait. */
const maxWaitingBytes = 1024 * 1024;
/** What a chunk costs beside its bytes: a body of a million chunks must not hold a million objects unseen. */
const chunkOverhead = 200;
const pieceBytes = 64 * 1024;

/** Whom a spill file tells what has become of it. */
export interface SpillUser {
  /** The disk has caught up. */
  onRoom(): void;
  /** All that was handed over is on the disk. */
  onWritten(): void;
  /** The disk refused: what was written is lost. */
  onSpillFailed(error: Error): void;
}

/**
 * A file without a name that only this object can reach: bytes are appended, and read again from any place. The name is
 * taken away as soon as the file exists, so that nothing is left behind however the process ends.
 */
export class SpillFile {
  /** Bytes that were handed over. */
  size = 0;
  private readonly user: SpillUser;
  private fd: number | undefined = undefined;
  private written = 0;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private busy = true;
  private closed = false;
  private wanted: { position: number; done: (piece: Buffer) => void } | undefined = undefined;

  constructor(folder: string, user: SpillUser) {
    this.user = user;
    const name = path.join(folder, `replay-${randomUUID()}`);
    open(name, "wx+", 0o600, (error, fd) => {
      if (error !== null) return this.next(error);
      this.fd = fd;
      unlink(name, (error) => this.next(error));
    });
  }

  /** All that was handed over is on the disk. */
  get isWritten(): boolean {
    return this.written === this.size;
  }

  /** False: wait for `onRoom` before the next one. */
  write(chunk: Buffer): boolean {
    this.size += chunk.length;
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length + chunkOverhead;
    if (!this.busy) this.next(null);
    return this.waitingBytes <= maxWaitingBytes;
  }

  /** Gives a piece of what was written, from a position below `size` on. One at a time. */
  read(position: number, done: (piece: Buffer) => void): void {
    this.wanted = { position, done };
    if (!this.busy) this.next(null);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.waiting = [];
    this.wanted = undefined;
    if (!this.busy) this.end();
  }

  /** After each step: what is to be read first, then what is to be written. */
  private next(error: Error | null): void {
    this.busy = false;
    if (this.closed) this.end();
    else if (error !== null) this.fail(error);
    else if (this.wanted !== undefined && this.wanted.position < this.written) this.readWanted();
    else if (this.waiting.length > 0) this.writeWaiting();
  }

  private writeWaiting(): void {
    const chunks = this.waiting;
    const wasFull = this.waitingBytes > maxWaitingBytes;
    this.waiting = [];
    this.waitingBytes = 0;
    this.busy = true;
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
    writev(this.fd as number, chunks, this.written, (error, done) => {
      if (error === null && done < bytes) return this.next(new Error("the disk took a part of the bytes only"));
      this.written += bytes;
      if (error === null && wasFull && !this.closed) this.user.onRoom();
      if (error === null && this.isWritten && !this.closed) this.user.onWritten();
      this.next(error);
    });
  }

  private readWanted(): void {
    const { position, done } = this.wanted as NonNullable<typeof this.wanted>;
    this.wanted = undefined;
    this.busy = true;
    const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, this.written - position));
    read(this.fd as number, piece, 0, piece.length, position, (error, bytes) => {
      if (error === null && bytes === 0) return this.next(new Error("the file is shorter than what was written"));
      if (error === null && !this.closed) done(piece.subarray(0, bytes));
      this.next(error);
    });
  }

  private fail(error: Error): void {
    this.close();
    this.user.onSpillFailed(error);
  }

  private end(): void {
    const { fd } = this;
    this.fd = undefined;
    if (fd !== undefined) close(fd, () => undefined);
  }
}
