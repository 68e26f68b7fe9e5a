import { headerValues, type RawHeaders } from "@application-connector/forward";
import { InvalidEvent } from "./invalid-event.ts";
import { essenceOf, isUtf8Charset } from "./media-type.ts";

/** How an event travels in an HTTP request. */
export type Mode =
  | { readonly mode: "binary"; readonly contentType: string | undefined }
  | { readonly mode: "structured" | "batched" };

const event = "application/cloudevents";
const batch = "application/cloudevents-batch";

/** Tells the mode by the media type, as every reader must (CloudEvents HTTP binding 1.0.2, section 3). */
export function readMode(headers: RawHeaders): Mode {
  const types = headerValues(headers, "content-type");
  if (types.length > 1) throw new InvalidEvent("invalid_content_type", "there is more than one Content-Type");
  const [contentType] = types;
  const essence = contentType === undefined ? "" : essenceOf(contentType);
  if (contentType === undefined || !essence.startsWith(event)) return { mode: "binary", contentType };
  if (essence !== `${event}+json` && essence !== `${batch}+json`) throw unsupported("the JSON format is the only one");
  if (!isUtf8Charset(contentType)) throw unsupported("JSON is UTF-8");
  const encoding = headerValues(headers, "content-encoding").join().trim().toLowerCase();
  if (encoding !== "" && encoding !== "identity") throw unsupported("the body must not have a Content-Encoding");
  return { mode: essence.startsWith(batch) ? "batched" : "structured" };
}

const unsupported = (why: string): InvalidEvent => new InvalidEvent("unsupported_media_type", why);
