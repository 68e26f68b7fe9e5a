import type { Socket } from "node:net";
import type { Answer } from "./door.ts";
import { closingResponse } from "./malformed.ts";

const lingerMs = 500;

/** Sends a last answer, and reads on for a moment so that unread bytes don't turn the end into a reset. */
export function endWith(socket: Socket, answer: Answer): void {
  if (!socket.writable) return;
  socket.write(closingResponse(answer));
  hangUp(socket);
}

/** Says that nothing more comes, and waits a moment for the other side to see it. */
export function hangUp(socket: Socket): void {
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once("close", () => clearTimeout(timer));
}
