import { recode } from "../path/path-bytes.ts";

/** How request paths continue an API's base path. Computed once, so that joining is one concatenation. */
export interface BasePath {
  /** The path when there is nothing to add. */
  readonly alone: string;
  /** Ends with the one slash that separates it from what follows. */
  readonly prefix: string;
}

export function basePath(path: string, encodeUrl: boolean): BasePath {
  const encoded = encodeUrl ? recode(path) : path;
  return {
    // Upstream keeps these bytes in both modes.
    alone: path === "" ? "/" : path,
    prefix: encoded.endsWith("/") ? encoded : `${encoded}/`,
  };
}

/** Exactly one slash between base and rest; further slashes of the rest are data. */
export function joinPath(base: BasePath, rest: string): string {
  if (rest === "") return base.alone;
  return base.prefix + (rest.charCodeAt(0) === 47 ? rest.slice(1) : rest);
}

/** The target's query first, then the request's, both as they are. `search` starts with `?` or is empty. */
export function joinQuery(targetQuery: string, search: string): string {
  if (targetQuery === "") return search;
  return search.length > 1 ? `?${targetQuery}&${search.slice(1)}` : `?${targetQuery}`;
}
