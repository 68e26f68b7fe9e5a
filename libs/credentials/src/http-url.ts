/** The parts of an absolute http(s) URL that go on the wire, with the bytes of path and query as they were written. */
export interface HttpUrl {
  readonly origin: string;
  /** With a leading `/`. */
  readonly path: string;
  /** Without `?`; undefined when there is none. */
  readonly query: string | undefined;
}

/** Undefined for what is no absolute http(s) URL. Userinfo and fragment are dropped. */
export function splitHttpUrl(text: string): HttpUrl | undefined {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  const parts = /^https?:\/\/[^/?#\\]+([^?#]*)(?:\?([^#]*))?/i.exec(text);
  // Only URL's own normal form differs from the written bytes, e.g. for text with line breaks or backslashes.
  const path = parts === null || !isPlain(parts[1]) ? url.pathname : parts[1] || "/";
  const query = parts === null || !isPlain(parts[2]) ? url.search.slice(1) || undefined : parts[2];
  return { origin: url.origin, path, query };
}

function isPlain(part: string | undefined): part is string {
  return part === undefined || /^[\x21-\x5b\x5d-\x7e]*$/.test(part);
}

/**
 * A URL as it may be shown: without userinfo and query, which can hold secrets. Where a text is no plain URL nobody can
 * say where its userinfo begins and ends, so all before the last `@` goes.
 */
export function showUrl(text: string): string {
  const isPlain = /^https?:\/\/[^/\\]/i.test(text) && URL.canParse(text);
  const userinfo = isPlain ? /^(https?:\/\/)[^/\\?#]*@/i : /^(https?:[/\\]*)?.*@/is;
  return text.replace(userinfo, "$1").replace(/[?#].*$/s, "");
}
