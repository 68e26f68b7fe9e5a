import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** When something was last heard of on a lane, by either of its ends. */
export class Activity {
  #lastAt = performance.now();

  heard = (): void => {
    this.#lastAt = performance.now();
  };

  /** Resolves when the condition holds, or when nothing was heard for so long. */
  async until(condition: () => boolean, silenceMs: number): Promise<void> {
    // Silence counts from here: what was before has been waited for already.
    this.heard();
    while (!condition()) {
      const leftMs = this.#lastAt + silenceMs - performance.now();
      if (leftMs <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, Math.min(2, leftMs)));
    }
  }
}

export const never = (): boolean => false;

/** Time for a packet to leave by itself. */
export async function moment(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Ends a connection without an end. Over TLS there is no reset. */
export function breakOff(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
