import type { Socket } from "node:net";

/** What a `100 Continue` of the target is called on its way through undici. No server sends this number by itself. */
export const renamedContinue = 199;

/**
 * undici breaks the connection at a `100 Continue` that it did not ask for, though every client must bear one
 * (RFC 9110, 15.2), and servers do send them. Its other interim responses pass, so this one is given another number
 * before the parser sees it. Only what starts a read while a response head is awaited is looked at.
 */
export function renameContinue(socket: Socket, awaitsHead: () => boolean): void {
  const read = socket.read;
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read.call(socket, size);
    if (chunk !== null && chunk.length > 12 && awaitsHead() && isContinue(chunk)) {
      chunk[10] = nine;
      chunk[11] = nine;
    }
    return chunk;
  };
}

const nine = 0x39;

/** Starts with `HTTP/1.x 100`. */
function isContinue(chunk: Buffer): boolean {
  return (
    chunk[9] === 0x31 &&
    chunk[10] === 0x30 &&
    chunk[11] === 0x30 &&
    chunk[0] === 0x48 &&
    chunk[1] === 0x54 &&
    chunk[2] === 0x54 &&
    chunk[3] === 0x50 &&
    chunk[4] === 0x2f
  );
}
