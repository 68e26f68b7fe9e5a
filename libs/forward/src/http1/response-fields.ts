import { declaredLength } from "../declared-length.ts";
import type { RawHeaders } from "../door.ts";
import { isNamed } from "../field-names.ts";
import { headerValues } from "../headers.ts";

/** Methods for which a request without a body says so (RFC 9110, 8.6). */
export const payloadMethods: ReadonlySet<string> = new Set(["PUT", "POST", "PATCH", "QUERY", "PROPFIND", "PROPPATCH"]);

/** A connection is given up so long before the target said that it would close it. */
const marginMs = 1_000;
const longestIdleMs = 600_000;

/** The declared length of a body; undefined for one that is chunked or ends with its connection. */
export function bodyLength(headers: RawHeaders): number | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (isNamed(name, "content-length")) return declaredLength(headers[i + 1] as string);
  }
  return undefined;
}

/** Whether a head says that a body follows it, even where none may. */
export function announcesBody(headers: RawHeaders): boolean {
  if ((bodyLength(headers) ?? 0) > 0) return true;
  return headers.some((name, i) => i % 2 === 0 && isNamed(name, "transfer-encoding"));
}

/** Whether a head promises in so many words that its connection goes on. */
export function saysKeepAlive(headers: RawHeaders): boolean {
  return headerValues(headers, "connection").some((value) => /(?:^|,)[\t ]*keep-alive[\t ]*(?:,|$)/i.test(value));
}

/** How long the connection of a response may wait for its next request: what `Keep-Alive` says, else `defaultMs`. */
export function keepAliveMs(headers: RawHeaders, defaultMs: number): number {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!isNamed(name, "keep-alive")) continue;
    const seconds = /(?:^|[\s,;])timeout\s*=\s*"?(\d{1,9})/i.exec(headers[i + 1] as string)?.[1];
    if (seconds !== undefined) return Math.min(Math.max(Number(seconds) * 1_000 - marginMs, 0), longestIdleMs);
  }
  return defaultMs;
}

export interface ResponseFields {
  hasLength: boolean;
  hasDate: boolean;
}

/** Which fields a response has already, in one walk. */
export function responseFields(headers: RawHeaders): ResponseFields {
  let hasLength = false;
  let hasDate = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === 14) hasLength ||= isNamed(name, "content-length");
    else if (name.length === 4) hasDate ||= isNamed(name, "date");
  }
  return { hasLength, hasDate };
}
