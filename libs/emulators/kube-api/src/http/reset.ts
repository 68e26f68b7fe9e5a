import type { Socket } from "node:net";

const rawSockets = new WeakMap<Socket, Socket>();

/** Remembers which TCP connection carries a TLS connection: only the former can be reset. */
export function rememberRaw(secure: Socket, raw: Socket): void {
  rawSockets.set(secure, raw);
}

/** Ends the connection with a TCP reset instead of a goodbye. */
export function resetConnection(secure: Socket | null): void {
  const raw = secure ? rawSockets.get(secure) : undefined;
  if (raw) raw.resetAndDestroy();
  secure?.destroy();
}
