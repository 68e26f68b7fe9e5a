import { createHash } from "node:crypto";
import type { Exchange } from "./exchange.ts";
import { pairs } from "./request-log.ts";

const keptBytes = 65_536;

export interface BodyDigest {
  bytes: number;
  sha256: string;
  /** The first part of the body, up to the limit. */
  start: Buffer;
}

/** Reads the whole body in bounded memory, counting and hashing it, and notes in the log what arrived. */
export async function digestBody({ request, received }: Exchange, limit = keptBytes): Promise<BodyDigest> {
  const hash = createHash("sha256");
  const chunks: Buffer[] = [];
  let room = limit;
  for await (const chunk of request as AsyncIterable<Buffer>) {
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
