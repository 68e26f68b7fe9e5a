import { appendForwardedFor, endToEnd, type RawHeaders } from "@application-connector/forward";
import { isEventHeader } from "../cloudevents/binary.ts";
import type { Changes } from "../events/cleared.ts";
import { clientCertHeader } from "../identity/client-cert-header.ts";

export interface HeaderPolicy {
  /** Host header for Eventing. */
  readonly host: string;
  /** Removes what Eventing has no use for, and tells it the Application. */
  readonly strict: boolean;
}

const always = new Set([clientCertHeader, "host"]);
const dropped = {
  compat: always,
  strict: new Set([...always, "authorization", "cookie", "x-forwarded-application"]),
};

/** The headers for Eventing: those of the client without what was meant for us or for one connection. */
export function requestHeaders(
  headers: RawHeaders,
  remoteAddress: string,
  application: string,
  { host, strict }: HeaderPolicy,
  changes: Changes = {},
): string[] {
  const kept = endToEnd(headers, { drop: strict ? dropped.strict : dropped.compat, protect: isProtected });
  if (changes.withoutEventHeaders) removeLines(kept, isEventHeader);
  if (changes.source !== undefined) replaceLine(kept, "ce-source", changes.source);
  if (changes.contentType !== undefined) replaceLine(kept, "content-type", changes.contentType);
  if (strict) {
    removeLines(kept, isEnvoyHeader);
    kept.push("X-Forwarded-Application", application);
  }
  appendForwardedFor(kept, remoteAddress);
  kept.push("Host", host);
  return kept;
}

/** A `Connection` header naming these would strip an event of what makes it an event, or its origin. */
function isProtected(lowerName: string): boolean {
  return (
    lowerName.startsWith("ce-") ||
    lowerName === "content-type" ||
    lowerName === "content-encoding" ||
    lowerName === "traceparent" ||
    lowerName.startsWith("x-forwarded-")
  );
}

const isEnvoyHeader = (name: string): boolean => name.length > 8 && name.slice(0, 8).toLowerCase() === "x-envoy-";

function removeLines(headers: string[], isUnwanted: (name: string) => boolean): void {
  let kept = 0;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (isUnwanted(name)) continue;
    headers[kept++] = name;
    headers[kept++] = headers[at + 1] as string;
  }
  headers.length = kept;
}

function replaceLine(headers: string[], lowerName: string, value: string): void {
  for (let at = 0; at < headers.length; at += 2)
    if ((headers[at] as string).toLowerCase() === lowerName) headers[at + 1] = value;
}
