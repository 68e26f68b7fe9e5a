import { type HiddenParameters, hideParameters, parseQuery } from "@application-connector/credentials";
import type { Api } from "../entries/api.ts";

/** Headers of a response in which targets tell URLs, their own queries included. */
const carriers = new Map<string, (text: string, hide: (url: string) => string | undefined) => string | undefined>([
  ["location", (text, hide) => hide(text)],
  ["content-location", (text, hide) => hide(text)],
  ["link", (text, hide) => replaceAll(text, /<([^>]*)>/g, (url) => angled(hide(url)))],
  ["refresh", (text, hide) => replaceAll(text, /(?<=url=["']?)[^"']+/gi, hide)],
]);

/** A call whose response is on its way back. */
export interface AnsweredCall {
  readonly api: Pick<Api, "credential" | "parameters">;
  /** What the caller's own query is, with its `?`. */
  readonly search: string;
  /** The caller brought a token of his own: nothing of the credential was sent. */
  readonly hasExternalToken: boolean;
}

/**
 * Takes what the gateway has added to the query of a call out of the URLs in the headers of its response; a header that can't
 * be told without it goes. Changes `headers`.
 */
export function hideAdded(headers: string[], call: AnsweredCall): void {
  const { credential, parameters } = call.api;
  if (credential.queryParameter === undefined && parameters.query.length === 0) return;
  let hidden: HiddenParameters | undefined;
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    const carrier = carriers.get((headers[i] as string).toLowerCase());
    if (carrier === undefined) continue;
    hidden ??= addedTo(call);
    const { names, values } = hidden;
    const shown = carrier(headers[i + 1] as string, (url) => hideParameters(url, { names, values }));
    if (shown === undefined) headers.splice(i, 2);
    else headers[i + 1] = shown;
  }
}

/** A name that the caller uses himself is his, and then the Secret adds nothing under it. */
function addedTo({ api, search, hasExternalToken }: AnsweredCall): HiddenParameters {
  const own = parseQuery(search.slice(1));
  const names = api.parameters.query.map(([name]) => name).filter((name) => !own.has(name));
  const { queryParameter } = api.credential;
  // Of a credential every value is secret; many request parameters are words that stand anywhere.
  if (queryParameter === undefined || hasExternalToken) return { names, values: [] };
  return { names: [...names, queryParameter[0]], values: queryParameter[1] };
}

function replaceAll(text: string, pattern: RegExp, show: (part: string) => string | undefined): string | undefined {
  let isHidden = false;
  const shown = text.replace(pattern, (all, part: string | number) => {
    const replaced = show(typeof part === "string" ? part : all);
    if (replaced === undefined) isHidden = true;
    return replaced ?? "";
  });
  return isHidden ? undefined : shown;
}

function angled(url: string | undefined): string | undefined {
  return url === undefined ? undefined : `<${url}>`;
}
