import { bytesOf, invalid } from "./path-bytes.ts";

/** A request target taken apart: which API it names, and what is left for the target. All raw, as received. */
export interface RequestTarget {
  readonly application: string;
  readonly service: string;
  /** The third segment; empty where services are addressed without entries. */
  readonly entry: string;
  /** The segments behind, without the slashes at their end. */
  readonly rest: string;
  /** The slashes at the end of the path. */
  readonly trailing: string;
  /** What kinds of bytes the path holds; see `path-bytes.ts`. */
  readonly bytes: number;
  /** The query with its `?`, or empty. */
  readonly search: string;
  /** `scheme://authority` of an absolute-form target (RFC 9112, 3.2.2), else empty. */
  readonly authority: string;
}

const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;
const slash = 47;

/** `segments`: 2 for application and service, 3 with the entry. Undefined for a path that names no API. */
export function readRequestTarget(url: string, segments: 2 | 3): RequestTarget | undefined {
  let authority = "";
  if (url.charCodeAt(0) !== slash) {
    authority = absoluteForm.exec(url)?.[0] ?? "";
    if (authority === "") return undefined;
  }
  const question = url.indexOf("?", authority.length);
  const search = question < 0 ? "" : url.slice(question);
  let start = authority.length;
  const last = question < 0 ? url.length : question;
  let end = last;
  while (start < end && url.charCodeAt(start) === slash) start++;
  while (end > start && url.charCodeAt(end - 1) === slash) end--;
  const trailing = end === last ? "" : url.slice(end, last);
  const path = url.slice(start, end);
  const bytes = bytesOf(path);
  if ((bytes & invalid) !== 0) return undefined;

  const first = path.indexOf("/");
  if (first < 0) return undefined;
  const second = path.indexOf("/", first + 1);
  const application = path.slice(0, first);
  if (segments === 2) {
    const service = second < 0 ? path.slice(first + 1) : path.slice(first + 1, second);
    const rest = second < 0 ? "" : path.slice(second + 1);
    return { application, service, entry: "", rest, trailing, bytes, search, authority };
  }
  if (second < 0) return undefined;
  const third = path.indexOf("/", second + 1);
  return {
    application,
    service: path.slice(first + 1, second),
    entry: third < 0 ? path.slice(second + 1) : path.slice(second + 1, third),
    rest: third < 0 ? "" : path.slice(third + 1),
    trailing,
    bytes,
    search,
    authority,
  };
}
