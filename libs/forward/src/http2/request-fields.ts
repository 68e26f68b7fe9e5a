import type { Malformation, RawHeaders } from "../door.ts";
import type { RequestHead } from "../request-head.ts";

/** A request head of HTTP/2 in the shape of one of HTTP/1.1. */
export interface RequestFields {
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly framing: RequestHead | Malformation;
}

/** Fields that belong to one connection of HTTP/1.1, and make a message of HTTP/2 malformed (RFC 9113, 8.2.2). */
const connectionSpecific = new Set(["connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade"]);

/**
 * Reads the fields of a request (RFC 9113, 8.3.1), names and values alternating. nghttp2 has refused most of what is
 * malformed; this is the rest, and what HTTP/1.1 says in other words: `:authority` is `Host`, and the crumbs of a cookie
 * are one field.
 */
export function readRequestFields(fields: readonly string[], endsWithHead: boolean): RequestFields {
  const headers: string[] = [];
  const pseudo: Record<string, string> = {};
  let cookie: number | undefined;
  let contentLength: string | undefined;
  let host: string | undefined;
  let expectsContinue = false;
  let isMalformed = false;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] as string;
    const value = fields[at + 1] as string;
    if (name.startsWith(":")) {
      isMalformed ||= name in pseudo;
      pseudo[name] = value;
      continue;
    }
    if (connectionSpecific.has(name) || (name === "te" && value !== "trailers")) isMalformed = true;
    else if (name === "host") {
      isMalformed ||= host !== undefined;
      host = value;
    } else if (name === "content-length") {
      isMalformed ||= contentLength !== undefined || !/^\d{1,15}$/.test(value);
      contentLength = value;
      headers.push(name, value);
    } else if (name === "cookie" && cookie !== undefined) headers[cookie] = `${headers[cookie]}; ${value}`;
    else {
      if (name === "cookie") cookie = headers.length + 1;
      if (name === "expect") expectsContinue = value.toLowerCase() === "100-continue";
      headers.push(name, value);
    }
  }
  const { ":method": method = "", ":path": url = "", ":authority": authority } = pseudo;
  // Two names of the server could be two servers to whoever reads this next.
  isMalformed ||= host !== undefined && authority !== undefined && host.toLowerCase() !== authority.toLowerCase();
  isMalformed ||= (host ?? authority ?? "") === "" || method === "CONNECT" || !(url.startsWith("/") || url === "*");
  headers.unshift("host", authority ?? host ?? "");
  if (isMalformed) return { method, url, headers, framing: "bad_request" };
  const length = contentLength === undefined ? undefined : Number(contentLength);
  const hasBody = !endsWithHead;
  return {
    method,
    url,
    headers,
    framing: {
      hasBody,
      contentLength: hasBody ? length : (length ?? undefined),
      expectsContinue: expectsContinue && hasBody,
    },
  };
}

/** The fields of a response: names in lower case, and nothing that speaks of a connection. */
export function responseFields(status: number, headers: readonly string[]): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = { ":status": String(status) };
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] as string).toLowerCase();
    const value = headers[at + 1] as string;
    if (connectionSpecific.has(name)) continue;
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else fields[name] = [known, value].flat();
  }
  return fields;
}
