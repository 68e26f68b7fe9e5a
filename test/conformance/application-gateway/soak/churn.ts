import { connect, type Socket } from "node:net";
import type { Random } from "../fuzz/random.ts";

export interface Churn {
  readonly opened: number;
  /** Opens no more, and breaks what is open. */
  stop(): void;
}

export interface ChurnOptions {
  readonly port: number;
  readonly perSecond: number;
  /** Where to ask, in turn. */
  readonly paths: readonly string[];
  readonly random: Random;
}

/** At the same time open; beyond, the oldest is dropped. */
const maxOpen = 200;

/** Connections that come and go as they do in the world: unused, amid a head, a body or an answer, by an end or a reset. */
export function startChurn({ port, perSecond, paths, random }: ChurnOptions): Churn {
  const open = new Set<Socket>();
  let opened = 0;

  function begin(): void {
    const socket = connect({ port, host: "127.0.0.1" });
    const path = paths[opened++ % paths.length] as string;
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
    // Some read nothing of what they are told.
    if (random.chance(0.9)) socket.resume();
    socket.write(bytes(path, random));
    const drop = random.pick([() => socket.end(), () => socket.destroy(), () => socket.resetAndDestroy()]);
    setTimeout(drop, random.pick([0, 0, 5, 50, 500, 5_000])).unref();
    const [oldest] = open;
    if (open.size > maxOpen) oldest?.destroy();
  }

  const timer = setInterval(begin, 1_000 / perSecond);
  return {
    get opened() {
      return opened;
    },
    stop() {
      clearInterval(timer);
      for (const socket of open) socket.resetAndDestroy();
    },
  };
}

function bytes(path: string, random: Random): string {
  const get = `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
  const post = `POST ${path} HTTP/1.1\r\nHost: h\r\n`;
  return random.pick([
    "",
    get.slice(0, random.below(get.length)),
    get,
    get.repeat(5),
    `${get}no request\r\n\r\n`,
    `${post}Content-Length: 100000\r\n\r\n${"x".repeat(random.below(100_000))}`,
    `${post}Content-Length: 300000\r\n\r\n${"x".repeat(300_000)}`,
    `${post}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
    `${post}Transfer-Encoding: chunked\r\n\r\n10000\r\n${"x".repeat(65_536)}\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: chunked\r\n\r\nno size\r\n`,
    `${post}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n`,
    `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  ]);
}
