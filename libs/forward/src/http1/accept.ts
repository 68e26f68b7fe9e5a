import { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { onread } from "./read-buffer.ts";

type WithHandle = Socket & { _handle: object | null };

/**
 * An accepted connection that reads into our memory. Node has this option for connections that it opens, and none for
 * those that it accepts; so the handle of the accepted socket, which is no public part of it, moves to a socket that was
 * made with the option. Where there is no such handle the socket stays as it is, and reads as usual.
 */
export function withOwnReads(accepted: Socket): Socket {
  const { _handle: handle } = accepted as WithHandle;
  if (typeof handle !== "object" || handle === null || (accepted as TLSSocket).encrypted) return accepted;
  (accepted as WithHandle)._handle = null;
  // The server counts it as closed from now on.
  accepted.destroy();
  return new Socket({ handle, onread, allowHalfOpen: true } as ConstructorParameters<typeof Socket>[0]);
}
