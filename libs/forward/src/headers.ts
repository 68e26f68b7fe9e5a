import type { RawHeaders } from "./door.ts";
import { isNamed, lowerName } from "./field-names.ts";

/** What {@link endToEnd} removes and keeps beyond the rules of HTTP. */
export interface EndToEndRules {
  /** Lower-case names to remove as well. */
  drop?: ReadonlySet<string>;
  /** Names (lower case) that no `Connection` header may remove. */
  protect?: (lowerName: string) => boolean;
}

/**
 * The end-to-end headers of a request in one walk: hop-by-hop headers and those that `Connection` names are removed
 * (RFC 9110, 7.6.1), and framing (`Content-Length`, `Expect`) too, which the engine makes anew. `TE: trailers` is kept.
 */
export function endToEnd(headers: RawHeaders, rules?: EndToEndRules): string[] {
  const named = namedByConnection(headers, rules?.protect);
  const drop = rules?.drop;
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1] as string;
    if (name.length === 2 && isTe(name)) {
      if (acceptsTrailers(value) && !drop?.has("te")) kept.push(name, "trailers");
      continue;
    }
    if (isHopByHop(name) || isFraming(name)) continue;
    if (drop !== undefined || named !== undefined) {
      const lower = lowerName(name);
      if (drop?.has(lower) || named?.has(lower)) continue;
    }
    kept.push(name, value);
  }
  return kept;
}

/** Adds the client's address to the last `X-Forwarded-For`, or creates it. */
export function appendForwardedFor(headers: string[], address: string): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    const name = headers[i] as string;
    if (isNamed(name, "x-forwarded-for")) {
      headers[i + 1] = `${headers[i + 1]}, ${address}`;
      return;
    }
  }
  headers.push("X-Forwarded-For", address);
}

/** All values of a header, in order. */
export function headerValues(headers: RawHeaders, wanted: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === wanted.length && lowerName(name) === wanted) values.push(headers[i + 1] as string);
  }
  return values;
}

/** Whether a header belongs to one connection only. The length is looked at first: most headers are decided by it. */
export function isHopByHop(name: string): boolean {
  switch (name.length) {
    case 2:
      return isTe(name);
    case 7:
      return isNamed(name, "upgrade") || isNamed(name, "trailer");
    case 10:
      return isNamed(name, "connection") || isNamed(name, "keep-alive");
    case 16:
      return isNamed(name, "proxy-connection");
    case 17:
      return isNamed(name, "transfer-encoding");
    case 18:
      return isNamed(name, "proxy-authenticate");
    case 19:
      return isNamed(name, "proxy-authorization");
    default:
      return false;
  }
}

/** Lower-case names listed in `Connection` that stand for headers to remove; undefined when there are none. */
export function namedByConnection(
  headers: RawHeaders,
  protect?: (lowerName: string) => boolean,
): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!isNamed(name, "connection")) continue;
    const value = headers[i + 1] as string;
    if (value === "keep-alive" || value === "close") continue;
    for (const part of value.split(",")) {
      const token = part.trim().toLowerCase();
      if (token === "" || token === "keep-alive" || token === "close" || protect?.(token)) continue;
      named ??= new Set();
      named.add(token);
    }
  }
  return named;
}

function isFraming(name: string): boolean {
  return isNamed(name, "content-length") || isNamed(name, "expect");
}

function isTe(name: string): boolean {
  return name === "te" || name === "TE" || name === "Te" || name === "tE";
}

function acceptsTrailers(value: string): boolean {
  return value.split(",").some((coding) => coding.split(";", 1)[0]?.trim().toLowerCase() === "trailers");
}
