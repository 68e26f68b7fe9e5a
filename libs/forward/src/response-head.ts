import { declaredLength } from "./declared-length.ts";
import { isNamed } from "./field-names.ts";
import { isHopByHop, namedByConnection } from "./headers.ts";
import { withoutTail } from "./http1/end-field.ts";

/** A target's response head on its way to the client. */
export interface ResponseHead {
  headers: string[];
  /** Declared length of the body, -1 when it is chunked or ends with the connection. */
  contentLength: number;
}

/** The only hop-by-hop header of this length. */
const transferEncoding = "transfer-encoding";

/** Header lines, names and values alternating: as text, or as undici's parser leaves them, each a piece of what was read. */
type RawLines = readonly Buffer[] | readonly string[];

/**
 * The end-to-end headers of a response in one walk, their bytes as latin1. Throws when the body is coded in a way that
 * its receiver would not learn of, since `Transfer-Encoding` goes no further than here.
 */
export function readResponseHead(lines: RawLines, status: number): ResponseHead {
  const texts = readLines(lines);
  const headers: string[] = [];
  let contentLength = -1;
  let connection: string[] | undefined;
  let misread = false;
  let chunked = false;
  for (let i = 0; i < texts.length; i += 2) {
    const name = texts[i] as string;
    const value = texts[i + 1] as string;
    if (isHopByHop(name)) {
      if (name.length === 10 && value !== "keep-alive" && value !== "close") {
        connection ??= [];
        connection.push(name, value);
      } else if (name.length === transferEncoding.length) {
        if (chunked || value.toLowerCase() !== "chunked")
          throw new Error("the response has an unknown transfer coding");
        chunked = true;
      }
      continue;
    }
    if (isNamed(name, "content-length")) {
      // These have no body; somebody might wait for it all the same (RFC 9110, 8.6).
      if (status < 200 || status === 204) continue;
      contentLength = declaredLength(value);
    } else if (contentLength > 0 && isNamed(name, "content-disposition")) misread = true;
    headers.push(name, value);
  }
  if (connection !== undefined) dropNamed(headers, connection);
  if (misread) lengthLast(headers);
  return { headers, contentLength };
}

/**
 * Whether trailers hold what belongs to a head. The parser that met `Connection: close` there refuses whatever comes
 * next on its connection, and that would be another's response.
 */
export function haveHopByHop(trailers: RawLines): boolean {
  for (let i = 0; i < trailers.length; i += 2) {
    if (isHopByHop(trailers[i]?.toString("latin1") as string)) return true;
  }
  return false;
}

/** Trailer fields as pairs, for `node:http`. */
export function readTrailers(lines: RawLines): [string, string][] {
  const texts = readLines(lines);
  const trailers: [string, string][] = [];
  for (let i = 0; i < texts.length; i += 2) {
    if (!isHopByHop(texts[i] as string)) trailers.push([texts[i] as string, texts[i + 1] as string]);
  }
  return trailers;
}

/** The lines as latin1 text: pieces of one read, decoded at once, unless the head came in several reads. */
function readLines(lines: RawLines): readonly string[] {
  if (typeof lines[0] === "string") return lines as readonly string[];
  const texts = decodeLines(lines as readonly Buffer[]);
  // undici leaves the white space behind a value in it, which is no part of it (RFC 9112, 5).
  for (let i = 1; i < texts.length; i += 2) texts[i] = withoutTail(texts[i] as string);
  return texts;
}

function decodeLines(lines: readonly Buffer[]): string[] {
  const [first] = lines;
  const last = lines[lines.length - 1];
  if (first === undefined || last === undefined) return [];
  const { buffer, byteOffset: start } = first;
  const end = last.byteOffset + last.length;
  const texts: string[] = [];
  if (last.buffer !== buffer || end < start) {
    for (const line of lines) texts.push(line.toString("latin1"));
    return texts;
  }
  const whole = Buffer.from(buffer, start, end - start).toString("latin1");
  for (const line of lines) {
    const from = line.byteOffset - start;
    const inside = line.buffer === buffer && from >= 0 && from + line.length <= whole.length;
    texts.push(inside ? whole.slice(from, from + line.length) : line.toString("latin1"));
  }
  return texts;
}

function dropNamed(headers: string[], connection: string[]): void {
  const named = namedByConnection(connection);
  // A target that could take its framing away would turn one message into two.
  named?.delete("content-length");
  if (named === undefined) return;
  let kept = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (named.has(name.toLowerCase())) continue;
    headers[kept] = name;
    headers[kept + 1] = headers[i + 1] as string;
    kept += 2;
  }
  headers.length = kept;
}

/**
 * `node:http` reads a Content-Disposition that follows a Content-Length as UTF-8 and so changes its bytes. In the other
 * order it leaves them alone.
 */
function lengthLast(headers: string[]): void {
  for (let i = 0; i < headers.length; i += 2) {
    const [name, value] = headers.slice(i, i + 2) as [string, string];
    if (!isNamed(name, "content-length")) continue;
    headers.splice(i, 2);
    headers.push(name, value);
    return;
  }
}
