import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { digestBody } from "../body.ts";
import { integer, serve } from "../exchange.ts";

/** Answers that take their time: late heads, slow bodies, server-sent events. */
export function streamRoutes(app: FastifyInstance): void {
  serve(app, "/slow", async (exchange) => {
    const { response, query } = exchange;
    const chunks = Math.max(1, integer(query, "chunks", 1, 100_000));
    const bodyMs = integer(query, "body_ms", 0);
    await digestBody(exchange, 0);
    if (!(await passed(integer(query, "head_ms", 0), response))) return;
    response.writeHead(200, ["content-type", "text/plain"]);
    response.flushHeaders();
    for (let index = 1; index <= chunks; index += 1) {
      if (!(await passed(bodyMs / chunks, response))) return;
      response.write(`chunk ${index} of ${chunks}\n`);
    }
    response.end();
  });

  // Without `count` the stream goes on until somebody ends it.
  serve(app, "/sse", async ({ response, query }) => {
    const count = integer(query, "count", Number.POSITIVE_INFINITY, 1_000_000);
    const intervalMs = integer(query, "interval_ms", 1000);
    response.writeHead(200, ["content-type", "text/event-stream", "cache-control", "no-store"]);
    response.flushHeaders();
    for (let index = 1; index <= count; index += 1) {
      response.write(`id: ${index}\nevent: tick\ndata: ${JSON.stringify({ index, at: new Date().toISOString() })}\n\n`);
      if (index < count && !(await passed(Math.max(1, intervalMs), response))) return;
    }
    response.end();
  });
}

/** Waits; false when the client went away meanwhile. */
async function passed(ms: number, response: ServerResponse): Promise<boolean> {
  if (response.destroyed) return false;
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  response.once("close", abort);
  try {
    await delay(ms, undefined, { signal: gone.signal });
    return true;
  } catch {
    return false;
  } finally {
    response.removeListener("close", abort);
  }
}
