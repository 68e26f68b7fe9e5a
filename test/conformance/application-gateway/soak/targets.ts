import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { Random } from "../fuzz/random.ts";

/** Serves until its process ends. */
export interface SoakTarget {
  readonly url: string;
}

/** Answers every request with the same few bytes, and keeps nothing of it. */
export async function steadyTarget(): Promise<SoakTarget> {
  const server = createHttpServer((request, response) => {
    request.resume();
    response.setHeader("Content-Length", 2);
    response.end("ok");
  });
  server.keepAliveTimeout = 3_000;
  return await listening(server);
}

const whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** Fails in a way of its own for each request: closes, resets, breaks off, says nothing or no HTTP; or serves after all. */
export async function failingTarget(random: Random): Promise<SoakTarget> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    if (random.chance(0.1)) {
      socket.resetAndDestroy();
      return;
    }
    socket.on("data", () => {
      if (socket.destroyed) return;
      const act = random.pick([
        () => socket.write(whole),
        () => socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        () => socket.end(whole),
        () => socket.end("HTTP/1.1 200 OK\r\n\r\nuntil the end"),
        () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntoo little"),
        () => socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"),
        () => socket.write("no HTTP at all\r\n\r\n"),
        () => socket.write(`${whole}${whole}`),
        () => socket.resetAndDestroy(),
        () => socket.destroy(),
        () => undefined,
      ]);
      act();
    });
  });
  return await listening(server);
}

async function listening(server: Server): Promise<SoakTarget> {
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 });
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
