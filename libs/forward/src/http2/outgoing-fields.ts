import { isHopByHop } from "../headers.ts";
import type { OutgoingRequest } from "../http1/exchange-with-target.ts";

/**
 * A request's fields as HTTP/2 has them (RFC 9113, 8.3.1): `Host` becomes `:authority`, names are in lower case, and what
 * belongs to a connection of HTTP/1.1 is left out. Values keep their bytes.
 */
export function outgoingFields({ method, path, headers, piece }: OutgoingRequest): string[] {
  let authority = "";
  const fields: string[] = [];
  let hasLength = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    const value = headers[i + 1] as string;
    if (name === "host") authority = value;
    else if (name === "te" ? value === "trailers" : !isHopByHop(name)) fields.push(name, value);
    if (name === "content-length") hasLength = true;
  }
  if (piece !== undefined && !hasLength) fields.push("content-length", String(piece.length));
  return [":method", method, ":scheme", "https", ":authority", authority, ":path", path, ...fields];
}
