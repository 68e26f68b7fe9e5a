import { STATUS_CODES } from "node:http";
import type { RawHeaders } from "../door.ts";

/** A head can't be written: something in it would be read as something else. It names no value, which may be a secret. */
export class UnwritableHead extends Error {
  override readonly name = "UnwritableHead";
  readonly code = "HEAD_UNWRITABLE";
}

/** Everything but visible ASCII and bytes above it ends or breaks a request line (RFC 9112, 3). */
const breaksRequestLine = /[^\x21-\x7e\x80-\xff]/;

/**
 * Request line and header lines (RFC 9112, 3 and 5), without the empty line: framing follows. `Host` goes first, and
 * names that are ours are spelled as undici spells them, so that targets can't tell the engines apart.
 */
export function requestHead(method: string, path: string, headers: RawHeaders, connection: string): string {
  if (breaksRequestLine.test(path) || path === "") throw new UnwritableHead("the path can't stand in a request line");
  let host = "";
  let lines = "";
  let length = "";
  let hosts = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === 4 && name.toLowerCase() === "host") {
      host = `host: ${headers[i + 1]}\r\n`;
      hosts += 1;
    } else if (name.length === 14 && name.toLowerCase() === "content-length") {
      length = `content-length: ${headers[i + 1]}\r\n`;
    } else lines += `${name}: ${headers[i + 1]}\r\n`;
  }
  const head = `${method} ${path} HTTP/1.1\r\n${host}connection: ${connection}\r\n${lines}${length}`;
  if (hosts > 1 || !hasLines(head, 2 + headers.length / 2 + (connection.includes("\n") ? 1 : 0)))
    throw new UnwritableHead("a header can't be written");
  return head;
}

/** Status line and header lines (RFC 9112, 4 and 5), without the empty line. */
export function responseHead(status: number, headers: RawHeaders): string {
  let head = statusLines[status] ?? statusLine(status);
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  if (!hasLines(head, 1 + headers.length / 2)) throw new UnwritableHead("a header can't be written");
  return head;
}

/** As Node's own server writes them, so that both engines say the same. */
function statusLine(status: number): string {
  if (!Number.isInteger(status) || status < 100 || status > 999)
    throw new UnwritableHead(`${status} is no HTTP status`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "unknown"}\r\n`;
}

const statusLines: readonly string[] = Array.from({ length: 600 }, (_, status) =>
  status < 100 ? "" : statusLine(status),
);

/**
 * Whether a head consists of exactly so many lines. A value with a line break in it makes one more, and would be a
 * header, or a request, of somebody else's (RFC 9110, 5.5).
 */
function hasLines(head: string, count: number): boolean {
  let lines = 0;
  for (let at = head.indexOf("\n"); at >= 0; at = head.indexOf("\n", at + 1)) lines += 1;
  if (lines !== count || head.includes("\0")) return false;
  let returns = 0;
  for (let at = head.indexOf("\r"); at >= 0; at = head.indexOf("\r", at + 1)) returns += 1;
  return returns === count;
}
