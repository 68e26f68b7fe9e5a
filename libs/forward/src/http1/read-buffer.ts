import type { OnReadOpts, Socket } from "node:net";

/**
 * Memory for reads. Node allocates 64 KiB for every read of a socket and lets the garbage collector have it; here all
 * connections read into one buffer, whose content is consumed before the next read. What is kept longer is copied, and
 * a connection with a long body to go gets memory of its own, so that the body needs no copy.
 */
export const sharedBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** A body of this size or more is a long one; also how much memory its connection gets. */
export const longBodyBytes = 256 * 1024;
const maxIdle = 16;
const idle: Buffer[] = [];

/** Whether what was read must be copied by whoever keeps it. */
export function isShared(bytes: Uint8Array): boolean {
  return bytes.buffer === sharedBuffer.buffer;
}

/** The one that reads from a socket. */
export interface SocketReader {
  /** What the next read goes into, when that changes. */
  nextBuffer: Buffer | undefined;
  /** False: nothing more is read until `resume` of the socket. */
  onBytes(bytes: Buffer): boolean;
}

/** The memory of a connection while a long body comes in: its own, so that pieces of it can be sent on uncopied. */
export class LongBody {
  private buffer: Buffer | undefined = undefined;
  private readonly reader: SocketReader;

  constructor(reader: SocketReader) {
    this.reader = reader;
  }

  begin(): void {
    if (this.buffer !== undefined) return;
    this.buffer = idle.pop() ?? Buffer.allocUnsafeSlow(longBodyBytes);
    this.reader.nextBuffer = this.buffer;
  }

  /** The body is over. What is still being sent of it keeps its memory. */
  end(isSent: boolean): void {
    const { buffer } = this;
    if (buffer === undefined) return;
    this.buffer = undefined;
    this.reader.nextBuffer = sharedBuffer;
    if (isSent && idle.length < maxIdle) idle.push(buffer);
  }
}

const readerOf = Symbol("reader");
type Owned = Socket & { [readerOf]?: SocketReader };

export function setReader(socket: Socket, reader: SocketReader): void {
  (socket as Owned)[readerOf] = reader;
}

let hasRead = false;
let next: Buffer | undefined;

/** The `onread` option of a socket whose bytes go to its {@link SocketReader}. */
export const onread = {
  // Asked for a new socket, and after each read for the one that was read from: there, nothing means that it keeps
  // what it has.
  buffer(): Buffer | undefined {
    if (!hasRead) return sharedBuffer;
    hasRead = false;
    return next;
  },
  callback(this: Socket, length: number, buffer: Buffer): boolean {
    const reader = (this as Owned)[readerOf];
    const goesOn = reader?.onBytes(buffer.subarray(0, length)) ?? true;
    hasRead = true;
    next = reader?.nextBuffer;
    if (next !== undefined && reader !== undefined) reader.nextBuffer = undefined;
    return goesOn;
  },
} as unknown as OnReadOpts;
