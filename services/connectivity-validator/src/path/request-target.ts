/** A request target that may be routed: all of it as received, and the path once more as text that can be compared. */
export interface RequestTarget {
  /** The escaped path, byte for byte. */
  readonly path: string;
  /** The query with its question mark, byte for byte; empty when there is none. */
  readonly query: string;
  /** The path with its escapes resolved, one character per byte. */
  readonly decoded: string;
  /** The first segment of the decoded path. */
  readonly application: string;
}

/** Why a target is not routed: no valid HTTP, a path somebody could read in two ways, or one without an application. */
export type TargetFault = "bad_request" | "not_canonical" | "not_found";

const slash = 0x2f;
const percent = 0x25;

/**
 * Reads a request target in origin-form or absolute-form. Whatever two programs could read differently is refused
 * instead of cleaned: a redirect loses the body of a POST and answers callers that nobody authenticated.
 */
export function readTarget(target: string): RequestTarget | TargetFault {
  const origin = originForm(target);
  if (origin === undefined) return "bad_request";

  let end = origin.length;
  let escaped = false;
  for (let at = 0; at < origin.length; at++) {
    const code = origin.charCodeAt(at);
    // "#" and "\" are path characters for some parsers and delimiters for others, in a query too.
    if (code <= 0x20 || code === 0x7f || code === 0x23 || code === 0x5c) return "bad_request";
    if (at >= end) continue;
    if (code === 0x3f) end = at;
    else if (code === percent) escaped = true;
  }
  const path = end === origin.length ? origin : origin.slice(0, end);
  const decoded = escaped ? decodePath(path) : path;
  if (decoded === undefined) return "bad_request";
  // A separator that only appears after decoding makes another path of it for whoever decodes next.
  if (escaped && (hasHiddenSeparator(path) || decoded.includes("\0"))) return "not_canonical";
  if (!isCanonical(decoded)) return "not_canonical";

  const second = decoded.indexOf("/", 1);
  if (second < 2) return "not_found";
  return { path, query: origin.slice(end), decoded, application: decoded.slice(1, second) };
}

/** Scheme and authority: visible ASCII but for what ends an authority, and what some take for that. */
const absoluteStart = /^https?:\/\/[\x21-\x22\x24-\x2e\x30-\x3e\x40-\x5b\x5d-\x7e]+/i;

/** `http://host/path?query` without scheme and authority (RFC 9112, section 3.2.2); undefined for any other form. */
export function originForm(target: string): string | undefined {
  if (target.charCodeAt(0) === slash) return target;
  const authority = absoluteStart.exec(target)?.[0];
  if (authority === undefined) return undefined;
  const rest = target.slice(authority.length);
  if (rest !== "" && !rest.startsWith("/") && !rest.startsWith("?")) return undefined;
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function isCanonical(path: string): boolean {
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
    const next = path.charCodeAt(at + 1);
    if (next === slash) return false;
    if (next !== 0x2e) continue;
    const afterDots = path.charCodeAt(at + 2) === 0x2e ? at + 3 : at + 2;
    if (afterDots === path.length || path.charCodeAt(afterDots) === slash) return false;
  }
  return true;
}

function hasHiddenSeparator(path: string): boolean {
  return /%(?:2f|5c)/i.test(path);
}

/** The path with `%XX` replaced by the byte's latin1 character, or undefined when an escape is broken. */
function decodePath(path: string): string | undefined {
  let decoded = "";
  let from = 0;
  for (let at = path.indexOf("%"); at >= 0; at = path.indexOf("%", from)) {
    const digits = path.slice(at + 1, at + 3);
    if (!/^[\da-f]{2}$/i.test(digits)) return undefined;
    decoded += path.slice(from, at) + String.fromCharCode(Number.parseInt(digits, 16));
    from = at + 3;
  }
  return decoded + path.slice(from);
}
