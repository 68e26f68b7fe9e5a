import type { PublicListener } from "../listeners.ts";

/** A port that answers by itself, at a path that takes GET only, and no bodies. */
export function answering(port: number, path: string): PublicListener {
  return {
    port,
    place: { path: (tag) => `${path}?${tag}`, head: "Host: h\r\n", maxHeaderBytes: 16 * 1024 },
    isServed: (status) => [200, 405, 415].includes(status),
  };
}
