import { STATUS_CODES } from "node:http";
import type { RawHeaders } from "../door.ts";
import { lowerName } from "../field-names.ts";
import { isToken } from "./token.ts";

/** A head can't be written: something in it would be read as something else. It names no value, which may be a secret. */
export class UnwritableHead extends Error {
  override readonly name = "UnwritableHead";
  readonly code = "HEAD_UNWRITABLE";
}

/** Everything but visible ASCII and bytes above it ends or breaks a request line (RFC 9112, 3). */
const breaksRequestLine = /[^\x21-\x7e\x80-\xff]/;
/**
 * What may stand in the lines of a head (RFC 9110, 5.5). Of a character above 0xff only the low byte would be written, and
 * that may be anything.
 */
const line = "[\\t\\x20-\\x7e\\x80-\\xff]*\\r\\n";
/** Heads of so many lines, as expressions. Those of longer ones are made anew. */
const heads: RegExp[] = [];
const maxKeptLines = 128;

/** Say how a message is framed, or what the connection is to become: that is said here, and by nobody else. */
const framing: ReadonlySet<string> = new Set(["transfer-encoding", "keep-alive", "upgrade", "expect"]);

/** What is given for a request line and its headers (RFC 9112, 3 and 5). */
export interface RequestLines {
  readonly method: string;
  readonly path: string;
  readonly headers: RawHeaders;
  /** The value of `Connection`. */
  readonly connection: string;
  /** A protocol that the connection is to become. */
  readonly upgrade: string | undefined;
  /** The headers may declare the length of the body. */
  readonly mayDeclareLength: boolean;
}

/**
 * A request's head without the empty line: framing follows. `Host` goes first, and names that are ours are spelled as
 * undici spells them, so that targets can't tell the engines apart; what undici refuses is refused.
 */
export function requestHead({ method, path, headers, connection, upgrade, mayDeclareLength }: RequestLines): string {
  if (breaksRequestLine.test(path) || path === "") throw new UnwritableHead("the path can't stand in a request line");
  let host = "";
  let lines = "";
  let length = "";
  let count = 2;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const lower = isOurs(name) ? lowerName(name) : "";
    if (lower === "host" && host === "") host = `host: ${headers[i + 1]}\r\n`;
    else if (lower === "content-length" && length === "" && mayDeclareLength) {
      length = `content-length: ${headers[i + 1]}\r\n`;
    } else if (lower === "connection") continue;
    else if (lower === "host" || lower === "content-length" || framing.has(lower) || !isToken(name)) {
      throw new UnwritableHead("a header can't be written: its name is none, is not for callers, or is there twice");
    } else lines += `${name}: ${headers[i + 1]}\r\n`;
    count += 1;
  }
  let head = `${method} ${path} HTTP/1.1\r\n${host}connection: ${connection}\r\n`;
  if (upgrade !== undefined) {
    head += `upgrade: ${upgrade}\r\n`;
    count += 1;
  }
  head += lines + length;
  if (!hasLines(head, count)) throw new UnwritableHead("a header's value can't be written");
  return head;
}

/** Whether it may be one of the names that are treated in a way of their own, told by its length. */
function isOurs({ length }: string): boolean {
  return length === 4 || length === 14 || length === 10 || length === 17 || length === 7 || length === 6;
}

/** Status line and header lines (RFC 9112, 4 and 5), without the empty line. */
export function responseHead(status: number, headers: RawHeaders): string {
  let head = statusLines[status] ?? statusLine(status);
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!isToken(name)) throw new UnwritableHead("a header's name can't be written");
    head += `${name}: ${headers[i + 1]}\r\n`;
  }
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
  return (heads[count] ?? headOf(count)).test(head);
}

function headOf(count: number): RegExp {
  const expression = new RegExp(`^(?:${line}){${count}}$`);
  if (count <= maxKeptLines) heads[count] = expression;
  return expression;
}
