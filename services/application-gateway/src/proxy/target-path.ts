import { mergeQuery } from "@application-connector/credentials";
import type { Api } from "../entries/api.ts";
import { leavesBase } from "../path/leaves-base.ts";
import { encodable, escaped, recode } from "../path/path-bytes.ts";
import type { RequestTarget } from "../path/request-target.ts";
import { joinPath, joinQuery } from "../target/join.ts";

/** Path and query for the target. Undefined for a path that would leave the API's base path. */
export function targetPath(
  api: Pick<Api, "base" | "encodeUrl" | "url" | "parameters" | "keepsTrailingSlash" | "allowsDotSegments">,
  { rest, trailing, bytes, search }: Pick<RequestTarget, "rest" | "trailing" | "bytes" | "search">,
): string | undefined {
  if (!api.allowsDotSegments && leavesBase(rest)) return undefined;
  const needsRecoding = api.encodeUrl && (bytes & (encodable | escaped)) !== 0;
  const joined = joinPath(api.base, needsRecoding ? recode(rest) : rest);
  const path = api.keepsTrailingSlash && trailing !== "" ? endWith(joined, rest, trailing) : joined;
  const query = joinQuery(api.url.query, search);
  if (api.parameters.query.length === 0) return path + query;
  const merged = mergeQuery(query.slice(1), api.parameters.query);
  return merged === "" ? path : `${path}?${merged}`;
}

/** Behind the base path alone, the first slash may be the one that it ends with already. */
function endWith(path: string, rest: string, trailing: string): string {
  return path + (rest === "" && path.endsWith("/") ? trailing.slice(1) : trailing);
}
