import type { Socket } from "node:net";

interface Handle {
  readonly bytesWritten?: number;
  readonly writeQueueSize?: number;
}

/**
 * How many bytes the other side of a connection has taken, so that one who reads slowly can be told from one who does not
 * read. Node's own count knows only of pieces that are gone as a whole; the handle knows of their parts.
 */
export function takenBytes(socket: Socket): number {
  const { bytesWritten, writeQueueSize } = (socket as unknown as { _handle?: Handle | null })._handle ?? {};
  if (bytesWritten !== undefined && writeQueueSize !== undefined) return bytesWritten - writeQueueSize;
  return socket.bytesWritten - socket.writableLength;
}
