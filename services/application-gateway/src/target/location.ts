import { decode } from "../path/path-bytes.ts";

/** What a redirect of the target is judged against. */
export interface LocationContext {
  /** The target's host name, lower case. */
  readonly hostname: string;
  /** The target's base path, raw. */
  readonly basePath: string;
  /** Path and query as they were sent to the target. */
  readonly sentPath: string;
  /** The client's own query with its `?`, or empty: in the one that was sent may be what only the target may see. */
  readonly search: string;
  /** What stands before the remaining path for the client: `[scheme://authority]/{app}/{service}[/{entry}]`. */
  readonly prefix: string;
}

interface Reference {
  readonly hostname: string | undefined;
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

const reference = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
const brokenEscape = /%(?![0-9A-Fa-f]{2})/;

/**
 * A `Location` that points into the API, as the client can follow it through the gateway; anything else unchanged.
 * Scheme and port don't count, as upstream has it; escapes of the remaining path stay as the target wrote them.
 */
export function rewriteLocation(location: string, context: LocationContext): string {
  const parsed = location === "" ? undefined : readReference(location);
  if (parsed === undefined) return location;
  if (parsed.hostname !== undefined && parsed.hostname !== context.hostname) return location;

  const question = context.sentPath.indexOf("?");
  const sent = question < 0 ? context.sentPath : context.sentPath.slice(0, question);
  const resolved = removeDotSegments(parsed.hostname === undefined ? resolve(sent, parsed.path) : parsed.path);
  const remainder = behindBase(resolved, decode(context.basePath));
  if (remainder === undefined) return location;

  const isSameDocument = parsed.hostname === undefined && parsed.path === "" && parsed.query === undefined;
  const ownSearch = isSameDocument ? context.search : "";
  return (
    context.prefix +
    remainder.replace(/\/{2,}/g, "/") +
    (parsed.query === undefined ? ownSearch : `?${parsed.query}`) +
    (parsed.fragment === undefined ? "" : `#${parsed.fragment}`)
  );
}

/** Undefined for what is no http(s) reference. */
function readReference(location: string): Reference | undefined {
  const [, scheme, authority, path = "", query, fragment] = reference.exec(location) ?? [];
  if (scheme === undefined) {
    // `::bad`, `:x`: the expression takes an empty scheme for none.
    if (path.split("/", 1)[0]?.includes(":")) return undefined;
  } else if (!/^https?$/i.test(scheme) || authority === undefined) return undefined;
  if (brokenEscape.test(path)) return undefined;
  return { hostname: authority === undefined ? undefined : hostnameOf(authority), path, query, fragment };
}

function hostnameOf(authority: string): string {
  return authority
    .slice(authority.lastIndexOf("@") + 1)
    .replace(/:\d*$/, "")
    .toLowerCase();
}

/** RFC 3986, 5.2.3. */
function resolve(base: string, path: string): string {
  if (path === "") return base;
  return path.startsWith("/") ? path : base.slice(0, base.lastIndexOf("/") + 1) + path;
}

/** RFC 3986, 5.2.4; an escaped dot is a dot here, since the client's stack may well take it for one. */
function removeDotSegments(path: string): string {
  const segments = path.split("/");
  const kept: string[] = [];
  segments.forEach((segment, index) => {
    const plain = segment.replace(/%2e/gi, ".");
    const isLast = index === segments.length - 1;
    if (plain !== "." && plain !== "..") {
      kept.push(segment);
      return;
    }
    // The first element is the empty text before the leading slash.
    if (plain === ".." && kept.length > 1) kept.pop();
    if (isLast) kept.push("");
  });
  return kept.join("/");
}

/** What follows the base, from its slash on; undefined when the path is not at or below the base. */
function behindBase(path: string, decodedBase: string): string | undefined {
  const needsMore = decodedBase.endsWith("/");
  const base = needsMore ? decodedBase.slice(0, -1) : decodedBase;
  let at = 0;
  for (let i = 0; i < base.length; i++) {
    const isEscape = path[at] === "%";
    const byte = isEscape ? String.fromCharCode(Number.parseInt(path.slice(at + 1, at + 3), 16)) : path[at];
    if (byte !== base[i]) return undefined;
    at += isEscape ? 3 : 1;
  }
  const remainder = path.slice(at);
  if (remainder === "") return needsMore && base !== "" ? undefined : "";
  return remainder.startsWith("/") ? remainder : undefined;
}
