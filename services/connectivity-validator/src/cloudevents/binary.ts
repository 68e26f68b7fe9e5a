import type { RawHeaders } from "@application-connector/forward";
import { checkAttributes, isAttributeName } from "./attributes.ts";
import type { EventContext } from "./context.ts";
import { decodeHeaderValue } from "./header-value.ts";
import { InvalidEvent } from "./invalid-event.ts";

/** Attributes that have a place of their own in this mode, and would contradict it as headers. */
const misplaced = new Set(["datacontenttype", "data"]);

export function isEventHeader(name: string): boolean {
  return name.length >= 3 && name.charCodeAt(2) === 0x2d && name.slice(0, 2).toLowerCase() === "ce";
}

/** Reads an event whose attributes are headers; its data is the body, whatever that is. */
export function readBinary(headers: RawHeaders, contentType: string | undefined): EventContext {
  const attributes = new Map<string, string>();
  for (let at = 0; at < headers.length; at += 2) {
    const header = headers[at] as string;
    if (!isEventHeader(header)) continue;
    const name = header.slice(3).toLowerCase();
    if (!isAttributeName(name) || misplaced.has(name))
      throw new InvalidEvent("invalid_name", `${header} is no attribute`);
    if (attributes.has(name)) throw new InvalidEvent("duplicate_attribute", `ce-${name} occurs more than once`);
    const value = decodeHeaderValue(headers[at + 1] as string);
    if (value === undefined) throw new InvalidEvent("invalid_encoding", `ce-${name} is not percent-encoded UTF-8`);
    attributes.set(name, value);
  }
  if (contentType !== undefined) attributes.set("datacontenttype", contentType);
  return checkAttributes(attributes);
}
