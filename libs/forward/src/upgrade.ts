import type { RawHeaders } from "./door.ts";
import { headerValues } from "./headers.ts";

/**
 * Protocols that nobody may be switched to. HTTP/2 would carry requests that were never authenticated, past everything
 * that this connection is watched for.
 */
const refused = /^(h2c?|https?)(\/|$)/i;
const protocol = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+(\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+)?$/;

/** What a request wants its connection to become, in its order and words; undefined for nothing that may be passed on. */
export function wantedUpgrade(headers: RawHeaders): string | undefined {
  const wanted = protocolsOf(headers).filter((name) => !refused.test(name));
  return wanted.length > 0 && wanted.every((name) => protocol.test(name)) ? wanted.join(", ") : undefined;
}

/** What a target switches to. Throws when that is nothing that was asked for (RFC 9110, 7.8). */
export function agreedUpgrade(headers: RawHeaders, wanted: string): string {
  const asked = new Set(wanted.toLowerCase().split(", "));
  const agreed = protocolsOf(headers);
  if (agreed.length > 0 && agreed.every((name) => asked.has(name.toLowerCase()))) return agreed.join(", ");
  throw new Error("the target switches to a protocol that was not asked for");
}

function protocolsOf(headers: RawHeaders): string[] {
  return headerValues(headers, "upgrade")
    .flatMap((value) => value.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
