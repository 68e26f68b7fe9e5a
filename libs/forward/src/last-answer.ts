import type { Socket } from "node:net";
import type { Answer } from "./door.ts";
import { closingResponse } from "./malformed.ts";

const lingerMs = 500;

/** Sends a last answer, and reads on for a moment so that unread bytes don't turn the end into a reset. */
export function endWith(socket: Socket, answer: Answer): void {
  if (!socket.writable) return;
  socket.end(closingResponse(answer));
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once("close", () => clearTimeout(timer));
}
