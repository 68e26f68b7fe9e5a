import type { OnReadOpts, Socket } from "node:net";

/**
 * Memory for reads. Node allocates 64 KiB for every read of a socket and lets the garbage collector have it; here all
 * connections read into one buffer, whose content is consumed before the next read. What is kept longer is copied, and
 * a connection with a long body to go gets memory of its own, so that the body needs no copy.
 */
export const sharedBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** A body of this size or more is a long one; also how much memory its connection gets. */
export const longBodyBytes = 256 * 1024;
/** So much of a body of unknown length has come before it is taken for a long one. */
const evidenceBytes = 64 * 1024;
/** More long bodies than these at a time are read as short ones are. */
const maxLent = 64;
let lent = 0;
const maxIdle = 16;
const idle: Buffer[] = [];

const reusable = new Set<ArrayBufferLike>([sharedBuffer.buffer]);

/** The same bytes, in memory that nobody reads into: what is kept beyond the call that it was given in. */
export function keep(piece: Buffer): Buffer {
  return reusable.has(piece.buffer) ? Buffer.from(piece) : piece;
}

/** The one that reads from a socket. */
export interface SocketReader {
  /** What the next read goes into, when that changes. */
  nextBuffer: Buffer | undefined;
  /** Its socket reads into what it is given. That of TLS does not. */
  ownsReads: boolean;
  /** False: nothing more is read until `resume` of the socket. */
  onBytes(bytes: Buffer): boolean;
}

/** Whose bytes are handed on at the moment: only then can what a socket reads into next be changed in time. */
let reading: SocketReader | undefined;

/** The memory of a connection while a long body comes in: its own, so that pieces of it can be sent on uncopied. */
export class LongBody {
  private buffer: Buffer | undefined = undefined;
  private readonly reader: SocketReader;
  private unknownBytes = Number.NaN;

  constructor(reader: SocketReader) {
    this.reader = reader;
  }

  /** A body begins. Streams that are silent most of the time have no length either, and there may be thousands of them. */
  expect(length: number | undefined): void {
    this.unknownBytes = length === undefined ? 0 : Number.NaN;
    if ((length ?? 0) >= longBodyBytes) this.begin();
  }

  /** So much of it has come. */
  saw(bytes: number): void {
    this.unknownBytes += bytes;
    if (this.unknownBytes >= evidenceBytes) this.begin();
  }

  private begin(): void {
    if (this.buffer !== undefined || !this.reader.ownsReads || lent >= maxLent) return;
    lent += 1;
    this.buffer = idle.pop() ?? Buffer.allocUnsafeSlow(longBodyBytes);
    reusable.add(this.buffer.buffer);
    this.reader.nextBuffer = this.buffer;
  }

  /** The body is over. What is still being sent of it keeps its memory. */
  end(isSent: boolean): void {
    const { buffer } = this;
    this.unknownBytes = Number.NaN;
    if (buffer === undefined) return;
    this.buffer = undefined;
    lent -= 1;
    this.reader.nextBuffer = sharedBuffer;
    // Outside of a read the socket still reads into it once: what others were lent by then would be overwritten.
    if (isSent && reading === this.reader && idle.length < maxIdle) idle.push(buffer);
    else reusable.delete(buffer.buffer);
  }
}

const readerOf = Symbol("reader");
type Owned = Socket & { [readerOf]?: SocketReader };

/** From now on the bytes of the socket go to `reader`, whether it was made with {@link onread} or not. */
export function readWith(socket: Socket, reader: SocketReader): void {
  (socket as Owned)[readerOf] = reader;
  // Sockets with `onread` have no such event: TLS within another connection can't have it.
  socket.on("data", onData);
}

/** The socket as an ordinary stream again, what was read already at first. */
export function readAsStream(socket: Socket, first: Buffer | undefined): void {
  socket.off("data", onData);
  (socket as Owned)[readerOf] = {
    nextBuffer: undefined,
    ownsReads: false,
    onBytes(bytes) {
      socket.emit("data", Buffer.from(bytes));
      return true;
    },
  };
  if (first === undefined) return;
  const bytes = Buffer.from(first);
  process.nextTick(() => socket.emit("data", bytes));
}

function onData(this: Socket, bytes: Buffer): void {
  if ((this as Owned)[readerOf]?.onBytes(bytes) === false) this.pause();
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
    reading = reader;
    if (reader !== undefined) reader.ownsReads = true;
    const goesOn = reader?.onBytes(buffer.subarray(0, length)) ?? true;
    reading = undefined;
    hasRead = true;
    next = reader?.nextBuffer;
    if (next !== undefined && reader !== undefined) reader.nextBuffer = undefined;
    return goesOn;
  },
} as unknown as OnReadOpts;
