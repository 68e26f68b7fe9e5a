import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { digestBody } from "../body.ts";
import { boundedInteger, integer, sendJson, serve } from "../exchange.ts";

const maxBytes = 8 * 1024 ** 3;

/** The block every sized body consists of; its bytes count up, so that a hole or a swap shows. */
const block = Buffer.from(Array.from({ length: 65_536 }, (_, index) => index & 0xff));

/** The first `size` bytes of the endless body, for tests to compare with. */
export function sizedBody(size: number): Buffer {
  return Buffer.alloc(size, block);
}

/** Bodies of a wanted size, with a length or in chunks, and a sink for uploads. */
export function sizeRoutes(app: FastifyInstance): void {
  serve(app, "/bytes/*", async ({ request, response, received }) => {
    const size = boundedInteger(lastSegment(request.url), 0, maxBytes);
    response.writeHead(200, ["content-type", "application/octet-stream", "content-length", String(size)]);
    await sendBytes(response, received.method === "HEAD" ? 0 : size, block.length);
  });
  serve(app, "/chunked/*", async ({ request, response, query, received }) => {
    const size = boundedInteger(lastSegment(request.url), 0, maxBytes);
    response.writeHead(200, ["content-type", "application/octet-stream"]);
    response.flushHeaders();
    const chunk = Math.max(1, integer(query, "chunk", 16_384, block.length));
    await sendBytes(response, received.method === "HEAD" ? 0 : size, chunk);
  });
  serve(app, "/sink", async (exchange) => {
    const { bytes, sha256 } = await digestBody(exchange, 0);
    sendJson(exchange.response, 200, { bytes, sha256 });
  });
}

async function sendBytes(response: ServerResponse, size: number, chunk: number): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  for (let sent = 0; sent < size && !response.destroyed; ) {
    // The block repeats, so a piece is the part of it that belongs at this offset.
    const start = sent % block.length;
    const piece = block.subarray(start, Math.min(start + Math.min(chunk, size - sent), block.length));
    sent += piece.length;
    if (!response.write(piece)) await once(response, "drain", { signal: gone.signal }).catch(() => undefined);
  }
  response.end();
}

function lastSegment(url = ""): string {
  const path = url.split("?", 1)[0] ?? "";
  return path.slice(path.lastIndexOf("/") + 1);
}
