import { type HiddenParameters, hideParameters, parseQuery, tellsHidden } from "@application-connector/credentials";
import type { Api } from "../entries/api.ts";

/** Headers of a response in which targets tell URLs, their own queries included. */
const carriers = new Map<string, (text: string, hide: Hide) => string | undefined>([
  ["location", (text, hide) => hide(text)],
  ["content-location", (text, hide) => hide(text)],
  ["link", inBrackets],
  ["refresh", behindTime],
]);

type Hide = (url: string) => string | undefined;

/** A call whose response is on its way back. */
export interface AnsweredCall {
  readonly api: Pick<Api, "credential" | "parameters">;
  /** What the caller's own query is, with its `?`. */
  readonly search: string;
  /** The caller brought a token of his own: nothing of the credential was sent. */
  readonly hasExternalToken: boolean;
}

/** Whether calls of an API have more in their queries than their callers have given. */
export function addsToQueries({ credential, parameters }: Pick<Api, "credential" | "parameters">): boolean {
  return credential.queryParameter !== undefined || parameters.query.length > 0;
}

/**
 * Takes what the gateway has added to the query of a call out of the URLs in the headers of its response; a header that can't
 * be told without it goes. Changes `headers`.
 */
export function hideAdded(headers: string[], call: AnsweredCall): void {
  let hidden: HiddenParameters | undefined;
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    const carrier = carriers.get((headers[i] as string).toLowerCase());
    if (carrier === undefined) continue;
    hidden ??= addedTo(call);
    const { names, values } = hidden;
    const shown = carrier(headers[i + 1] as string, (url) => hideParameters(url, { names, values }));
    if (shown === undefined || tellsHidden(shown, { values })) headers.splice(i, 2);
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

/** The URLs of links. By hand: an expression would look for the end of each `<` that has none, again and again. */
function inBrackets(text: string, hide: Hide): string | undefined {
  let shown = "";
  let at = 0;
  for (;;) {
    const start = text.indexOf("<", at);
    const end = start < 0 ? -1 : text.indexOf(">", start);
    if (end < 0) return shown + text.slice(at);
    const url = hide(text.slice(start + 1, end));
    if (url === undefined) return undefined;
    shown += `${text.slice(at, start)}<${url}>`;
    at = end + 1;
  }
}

/** What a browser goes to (HTML, shared declarative refresh steps): the word `url` need not be there. */
function behindTime(text: string, hide: Hide): string | undefined {
  const [before = ""] = /^[^;,]*[;,\s]\s*(?:url\s*=\s*)?["']?/i.exec(text) ?? [];
  const url = /^[^"']*/.exec(text.slice(before.length))?.[0] ?? "";
  const shown = hide(url);
  return shown === undefined ? undefined : before + shown + text.slice(before.length + url.length);
}
