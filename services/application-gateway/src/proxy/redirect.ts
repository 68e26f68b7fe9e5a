import { mergeQuery } from "@application-connector/credentials";
import { headerValues } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import type { Api } from "../entries/api.ts";

/** How many redirects of one call are followed. */
const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** A call whose response may be a redirect. */
export interface Redirected {
  readonly method: string;
  readonly api: Pick<Api, "url" | "redirects" | "parameters">;
  /** Path and query as they were sent. */
  readonly path: string;
  /** How many were followed already. */
  readonly followed: number;
}

/**
 * The path that a redirect leads to, where the gateway follows it; undefined where it is the client's to decide. Throws a
 * `Problem` for what would lead in circles.
 */
export function redirectedPath(call: Redirected, status: number, headers: readonly string[]): string | undefined {
  const { api, path } = call;
  if (!redirects.has(status) || api.redirects === "passthrough") return undefined;
  const [location = ""] = headerValues(headers, "location");
  const here = URL.parse(path, api.url.origin);
  const there = location === "" ? null : URL.parse(location, `${api.url.origin}${path}`);
  if (here === null || there === null) return undefined;
  if (keepsMethod(call.method, status) && isUpgradeOfItself(here, there)) {
    const text =
      `target '${api.url.origin}' redirects every call to https: the client would come back with the same call for ever; ` +
      `write targetUrl with 'https://${there.host}'`;
    throw new Problem("REDIRECT_FAILED", text);
  }
  const isFollowed = api.redirects === "follow" && (call.method === "GET" || call.method === "HEAD");
  if (!isFollowed || there.origin !== api.url.origin) return undefined;
  if (call.followed >= mostRedirects) {
    throw new Problem("REDIRECT_FAILED", `target '${api.url.origin}' redirects more than ${mostRedirects} times`);
  }
  const { query } = api.parameters;
  const search = query.length === 0 ? there.search : `?${mergeQuery(there.search.slice(1), query)}`;
  return there.pathname + search;
}

/** Whether the client would send the same request again. */
function keepsMethod(method: string, status: number): boolean {
  return method === "GET" || method === "HEAD" || status === 307 || status === 308;
}

/** The gateway calls what `targetUrl` says: another scheme alone never gets anywhere. */
function isUpgradeOfItself(here: URL, there: URL): boolean {
  return (
    here.protocol === "http:" &&
    there.protocol === "https:" &&
    here.hostname === there.hostname &&
    here.pathname + here.search === there.pathname + there.search
  );
}
