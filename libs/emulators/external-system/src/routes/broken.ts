import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import type { FastifyInstance } from "fastify";
import { digestBody } from "../body.ts";
import { sendJson, serve } from "../exchange.ts";

/** Each writes on the bare socket what no HTTP library would, then ends the connection its own way. */
const breakages: Record<string, (socket: Socket) => Promise<void> | void> = {
  "reset-before-head": reset,
  "reset-mid-head": (socket) => thenReset(socket, "HTTP/1.1 200 OK\r\ncontent-type: text/pl"),
  "garbage-head": (socket) => thenEnd(socket, "\u0000\u0001 this is not HTTP\r\n\r\n"),
  "reset-mid-chunk": (socket) => thenReset(socket, `${chunkedHead}400\r\nonly the begin of a chunk`),
  "short-content-length": (socket) => thenEnd(socket, "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\ntoo short"),
  "bad-chunk": (socket) => thenEnd(socket, `${chunkedHead}5\r\nhello\r\nZZ\r\nno size\r\n0\r\n\r\n`),
  "missing-last-chunk": (socket) => thenEnd(socket, `${chunkedHead}5\r\nhello\r\n`),
  "conflicting-content-length": (socket) =>
    thenEnd(socket, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 7\r\n\r\nhello!!"),
  "no-response": () => undefined,
  "close-without-response": (socket) => void socket.end(),
  "until-close": (socket) => thenEnd(socket, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nended by closing"),
};

const chunkedHead = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n";

/** Answers that break off or break the rules. */
export function brokenRoutes(app: FastifyInstance): void {
  serve(app, "/broken/*", async (exchange) => {
    const { request, response } = exchange;
    const name = /^\/broken\/([^?]*)/.exec(request.url ?? "")?.[1] ?? "";
    const breakage = Object.hasOwn(breakages, name) ? breakages[name] : undefined;
    if (breakage === undefined) return sendJson(response, 404, { known: Object.keys(breakages) });
    await digestBody(exchange, 0);
    const { socket } = request;
    response.detachSocket(socket);
    await breakage(socket);
  });
}

/** The pause lets the bytes leave before the reset, which throws away what is still on its way. */
async function thenReset(socket: Socket, bytes: string): Promise<void> {
  socket.write(bytes, "latin1");
  await delay(50);
  reset(socket);
}

/** Node resets plain TCP only; an encrypted connection ends without a word instead. */
function reset(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

function thenEnd(socket: Socket, bytes: string): void {
  socket.end(bytes, "latin1");
}
