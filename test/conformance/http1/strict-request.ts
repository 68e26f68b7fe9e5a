import type { Seen } from "./case.ts";

export type Parsed = { request: Omit<Seen, "connection">; length: number } | "incomplete" | { malformed: string };

const requestLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e\x80-\xff]+) HTTP\/(1\.1)$/;
const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*((?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)[ \t]*$/;

/**
 * The first request of some bytes (latin1), read as RFC 9112 says and not a bit more generously. Written for this suite
 * alone: a target that shared a parser with the product would be fooled where the product is.
 */
export function readRequest(bytes: string): Parsed {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return incomplete(bytes);
  const [first = "", ...lines] = bytes.slice(0, headEnd).split("\r\n");
  const line = requestLine.exec(first);
  if (line === null) return malformed("request line", first);
  const headers = fieldsOf(lines);
  if ("malformed" in headers) return headers;
  const [, method = "", path = "", version = ""] = line;
  const told = { method, path, version, headers };

  if (valuesOf(headers, "host").length !== 1) return malformed("number of Hosts", valuesOf(headers, "host").join());
  const lengths = valuesOf(headers, "content-length");
  const codings = valuesOf(headers, "transfer-encoding");
  if (lengths.length + codings.length > 1) return malformed("framing", [...lengths, ...codings].join());
  const rest = bytes.slice(headEnd + 4);
  if (codings.length > 0) {
    if (codings[0] !== "chunked") return malformed("Transfer-Encoding", codings[0] ?? "");
    return readChunks(told, rest, headEnd + 4);
  }
  const [length] = lengths;
  if (length === undefined) {
    return { request: { ...told, framing: "none", body: "", trailers: [] }, length: headEnd + 4 };
  }
  if (!/^\d{1,15}$/.test(length)) return malformed("Content-Length", length);
  if (rest.length < Number(length)) return "incomplete";
  const body = rest.slice(0, Number(length));
  return { request: { ...told, framing: "length", body, trailers: [] }, length: headEnd + 4 + Number(length) };
}

function readChunks(told: Pick<Seen, "method" | "path" | "version" | "headers">, rest: string, before: number): Parsed {
  let body = "";
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf("\r\n", at);
    if (lineEnd < 0) return "incomplete";
    const size = rest.slice(at, lineEnd);
    if (!/^[0-9a-fA-F]{1,13}$/.test(size)) return malformed("chunk size", size);
    at = lineEnd + 2;
    const length = Number.parseInt(size, 16);
    if (length === 0) {
      const end = rest.startsWith("\r\n", at) ? at : rest.indexOf("\r\n\r\n", at) + 2;
      if (end < at) return "incomplete";
      const trailers = fieldsOf(
        rest
          .slice(at, Math.max(at, end - 2))
          .split("\r\n")
          .filter(Boolean),
      );
      if ("malformed" in trailers) return trailers;
      return { request: { ...told, framing: "chunked", body, trailers }, length: before + end + 2 };
    }
    if (rest.length < at + length + 2) return "incomplete";
    body += rest.slice(at, at + length);
    if (!rest.startsWith("\r\n", at + length))
      return malformed("end of a chunk", rest.slice(at + length, at + length + 2));
    at += length + 2;
  }
}

function fieldsOf(lines: readonly string[]): (readonly [string, string])[] | { malformed: string } {
  const fields: (readonly [string, string])[] = [];
  for (const line of lines) {
    const parts = field.exec(line);
    if (parts === null) return malformed("field", line);
    fields.push([parts[1] ?? "", parts[2] ?? ""]);
  }
  return fields;
}

/** Half a head may still be whole; but not when it holds what no whole head can. */
function incomplete(bytes: string): Parsed {
  const bare = /(?<!\r)\n|\r(?!\n|$)/.exec(bytes);
  return bare === null
    ? "incomplete"
    : malformed("line end", bytes.slice(Math.max(0, bare.index - 40), bare.index + 40));
}

function valuesOf(fields: readonly (readonly [string, string])[], name: string): string[] {
  return fields.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);
}

function malformed(what: string, said: string): { malformed: string } {
  return { malformed: `${what}: ${JSON.stringify(said.slice(0, 200))}` };
}
