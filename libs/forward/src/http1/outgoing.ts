import type { Socket } from "node:net";
import { sharedBuffer } from "./read-buffer.ts";

/** A body up to this size leaves as one string with what stands before it. */
export const maxJoinedBytes = 16 * 1024;

const nothing = Buffer.alloc(0);

/** Bytes as text that is written as the same bytes. */
export function latin1(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("latin1");
}

/**
 * Writes a piece of a body, `before` and `after` it in the same system call. True when all of it is with the kernel;
 * otherwise `onFlushed` is called when it is, and the memory of the piece must stay as it is until then.
 */
export function writePiece(
  socket: Socket,
  before: string,
  piece: Buffer,
  after: string,
  onFlushed: () => void,
): boolean {
  if (piece.length <= maxJoinedBytes) {
    socket.write(`${before}${latin1(piece)}${after}`, "latin1");
  } else {
    const framed = before !== "" || after !== "";
    if (framed) socket.cork();
    if (before !== "") socket.write(before, "latin1");
    // The next connection reads into the same memory.
    socket.write(piece.buffer === sharedBuffer.buffer ? Buffer.from(piece) : piece);
    if (after !== "") socket.write(after, "latin1");
    if (framed) socket.uncork();
  }
  if (socket.writableLength === 0) return true;
  // Reported when everything before it is gone. An event of the stream comes only above its high water mark.
  socket.write(nothing, onFlushed);
  return false;
}
