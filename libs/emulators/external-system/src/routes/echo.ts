import { digestBody } from "../body.ts";
import { type Exchange, integer, sendJson } from "../exchange.ts";

/** Larger bodies are described by size and digest, and quoted up to here. */
const quotedBytes = 1_048_576;

/**
 * Says what arrived: method, raw target, header lines in order, body, connection. With `?status=n` it says so with
 * another status.
 */
export async function echo(exchange: Exchange): Promise<void> {
  const { received, response, query } = exchange;
  const { bytes, sha256, start } = await digestBody(exchange, quotedBytes);
  const status = integer(query, "status", 200, 999);
  sendJson(response, status < 200 ? 200 : status, {
    method: received.method,
    url: received.url,
    httpVersion: received.httpVersion,
    headers: received.headers,
    trailers: received.trailers,
    body: {
      length: bytes,
      sha256,
      truncated: bytes > start.length,
      utf8: start.toString("utf8"),
      base64: start.toString("base64"),
    },
    connection: {
      listener: received.listener,
      number: received.connection,
      remoteAddress: received.remoteAddress,
      tls: received.tls ?? null,
    },
  });
}
