/** Messages that were read off the start of some bytes, in a form that can be compared, and what is left of the bytes. */
export interface Messages {
  readonly texts: readonly string[];
  /** How many of them are whole, and no interim responses. */
  readonly final: number;
  readonly interim: number;
  /** What is no whole message (yet). */
  readonly rest: string;
  /** HTTP is over: the rest is what a connection has become. */
  readonly isTunnel: boolean;
}

type Kind = "requests" | "responses";

/**
 * Splits what was on the wire into messages. A body in chunks is shown in one piece, because where it is cut is up to the
 * reads of whoever passes it on (RFC 9112, 7.1); all else stays byte by byte. What is no HTTP is left as it is.
 */
export function readMessages(bytes: string, kind: Kind, methods: readonly string[], hasEnded: boolean): Messages {
  const texts: string[] = [];
  let at = 0;
  let final = 0;
  let interim = 0;
  let isTunnel = false;
  while (at < bytes.length && !isTunnel) {
    const headEnd = bytes.indexOf("\r\n\r\n", at);
    if (headEnd < 0) break;
    const head = bytes.slice(at, headEnd + 4);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
    if (kind === "responses" && status === 0) break;
    const body = bodyOf(bytes, headEnd + 4, { kind, head, status, method: methods[final] ?? "GET", hasEnded });
    if (body === undefined) break;
    texts.push(head + body.text);
    at = body.end;
    if (kind === "responses" && status < 200) interim++;
    else final++;
    isTunnel = status === 101;
  }
  return { texts, final, interim, rest: brokenOff(bytes.slice(at)), isTunnel };
}

interface Context {
  readonly kind: Kind;
  readonly head: string;
  readonly status: number;
  readonly method: string;
  readonly hasEnded: boolean;
}

function bodyOf(bytes: string, start: number, context: Context): { text: string; end: number } | undefined {
  const { kind, head, status, method, hasEnded } = context;
  const nothing = { text: "", end: start };
  if (kind === "responses" && (status < 200 || status === 204 || status === 304 || method === "HEAD")) return nothing;
  if (/^transfer-encoding:/im.test(head)) {
    const chunks = readChunks(bytes, start);
    return chunks.end === undefined ? undefined : { text: chunks.text, end: chunks.end };
  }
  const length = /^content-length:[ \t]*(\d+)/im.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return end > bytes.length ? undefined : { text: bytes.slice(start, end), end };
  }
  if (kind === "requests") return nothing;
  return hasEnded ? { text: bytes.slice(start), end: bytes.length } : undefined;
}

/** The content of a body in chunks as far as it has come; with its end, when that is there. */
function readChunks(bytes: string, start: number): { text: string; end: number | undefined } {
  let content = "";
  for (let at = start; ; ) {
    const shown = `<chunks>${content}`;
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = bytes.slice(at, lineEnd < 0 ? undefined : lineEnd);
    // Whatever is unusual about the coding stays to be seen.
    if (lineEnd < 0 || !/^[0-9a-f]{1,8}$/.test(size)) return { text: shown + bytes.slice(at), end: undefined };
    const length = Number.parseInt(size, 16);
    const next = lineEnd + 2;
    if (length === 0) {
      const end = bytes.startsWith("\r\n", next) ? next + 2 : bytes.indexOf("\r\n\r\n", next) + 4;
      if (end < next + 2) return { text: `${shown}<last>${bytes.slice(next)}`, end: undefined };
      return { text: `${shown}<last>${bytes.slice(next, end)}`, end };
    }
    content += bytes.slice(next, next + length);
    at = next + length;
    if (at + 2 > bytes.length) return { text: `<chunks>${content}`, end: undefined };
    if (!bytes.startsWith("\r\n", at)) return { text: `<chunks>${content}${bytes.slice(at)}`, end: undefined };
    at += 2;
  }
}

/** A message that was broken off amid its body: how much of that was on its way by then is chance. */
function brokenOff(rest: string): string {
  const headEnd = rest.indexOf("\r\n\r\n");
  if (headEnd < 0 || !/^(transfer-encoding|content-length):/im.test(rest.slice(0, headEnd + 2))) return rest;
  return `${rest.slice(0, headEnd + 4)}<broken off>`;
}
