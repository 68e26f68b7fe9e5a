import { createHash } from "node:crypto";
import type { Exchange } from "./exchange.ts";
import { pairs } from "./request-log.ts";

const keptBytes = 65_536;
const mostBytes = 64 * 1024 * 1024;

export interface BodyDigest {
  bytes: number;
  sha256: string;
  /** The first part of the body, up to the limit. */
  start: Buffer;
}

/** Reads the whole body in bounded memory, counting and hashing it, and notes in the log what arrived. */
export async function digestBody(exchange: Exchange, limit = keptBytes): Promise<BodyDigest> {
  const { request, received } = exchange;
  const hash = createHash("sha256");
  const chunks: Buffer[] = [];
  let room = limit;
  for await (const chunk of exchange.body === undefined ? (request as AsyncIterable<Buffer>) : [exchange.body]) {
    received.bodyBytes += chunk.length;
    hash.update(chunk);
    if (room > 0) chunks.push(chunk.subarray(0, room));
    room -= Math.min(room, chunk.length);
  }
  const start = Buffer.concat(chunks);
  received.complete = true;
  received.trailers = pairs(request.rawTrailers);
  if (received.bodyBytes <= keptBytes) received.body = start.subarray(0, received.bodyBytes);
  return { bytes: received.bodyBytes, sha256: hash.digest("hex"), start };
}

/** Reads the whole body for a guard that must see all of it; the route finds it in the exchange. */
export async function bufferBody(exchange: Exchange): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = mostBytes;
  for await (const chunk of exchange.request as AsyncIterable<Buffer>) {
    left -= chunk.length;
    if (left < 0) throw new Error("the body is too large to be checked");
    chunks.push(chunk);
  }
  exchange.body = Buffer.concat(chunks);
  return exchange.body;
}
