import type { CloudEventV1 } from "cloudevents";
import { PublishError } from "./publish-error.ts";

export type HeaderPairs = readonly (readonly [name: string, value: string])[];

export interface ReadEvent {
  mode: "binary" | "structured";
  event: CloudEventV1<unknown>;
}

/**
 * Reads a CloudEvent as the Eventing Publisher Proxy does. Own code, because the `cloudevents` package refuses valid
 * spellings of the media type and adds a `time` to events that have none; the types are the package's.
 */
export function readCloudEvent(headers: HeaderPairs, body: Buffer): ReadEvent {
  const contentType = headerOf(headers, "content-type");
  const mediaType = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (mediaType.startsWith("application/cloudevents-batch")) throw new PublishError("not supported for batch events");
  if (mediaType.startsWith("application/cloudevents")) {
    if (!mediaType.endsWith("+json")) throw new PublishError("unknown Message encoding");
    return { mode: "structured", event: validated(readStructured(body)) };
  }
  return { mode: "binary", event: validated(readBinary(headers, contentType, body)) };
}

function readBinary(headers: HeaderPairs, contentType: string | undefined, body: Buffer): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of headers) {
    const attribute = /^ce-([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
    if (attribute !== undefined) attributes[attribute] ??= headerText(value);
  }
  if (!isKnownVersion(attributes["specversion"])) throw new PublishError("unknown Message encoding");
  return {
    ...attributes,
    ...(contentType === undefined ? {} : { datacontenttype: contentType }),
    ...readData(contentType, body),
  };
}

/** CloudEvents HTTP binding 3.1.3.2: quotes are taken off, then percent-encoding is undone once. */
function headerText(value: string): string {
  const text = /^"(.*)"$/.exec(value)?.[1]?.replaceAll(/\\(.)/g, "$1") ?? value;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readData(contentType: string | undefined, body: Buffer): { data?: unknown; data_base64?: string } {
  if (body.length === 0) return {};
  if (contentType === undefined || /[/+]json\b/i.test(contentType)) {
    try {
      return { data: JSON.parse(body.toString("utf8")) };
    } catch {
      return { data_base64: body.toString("base64") };
    }
  }
  return /^text\//i.test(contentType) ? { data: body.toString("utf8") } : { data_base64: body.toString("base64") };
}

function readStructured(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new PublishError((error as Error).message, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PublishError("the event is no JSON object");
  }
  const attributes = Object.fromEntries(
    Object.entries(value).filter(([name, member]) => member !== null || name === "data"),
  );
  if (!isKnownVersion(attributes["specversion"])) throw new PublishError("specversion: unknown");
  return attributes;
}

function isKnownVersion(version: unknown): boolean {
  return version === "1.0" || version === "0.3";
}

/** The sentences are those of the Go SDK, one line for each mistake. */
function validated(attributes: Record<string, unknown>): CloudEventV1<unknown> {
  const mistakes: string[] = [];
  const text = (name: string): string => {
    const value = attributes[name];
    return typeof value === "string" ? value.trim() : "";
  };
  if (text("id") === "") mistakes.push("id: MUST be a non-empty string\n");
  if (text("source") === "") mistakes.push("source: REQUIRED\n");
  if (text("type") === "") mistakes.push("type: MUST be a non-empty string\n");
  if ("time" in attributes && !isTimestamp(attributes["time"])) mistakes.push("time: MUST be an RFC 3339 timestamp\n");
  if ("data" in attributes && "data_base64" in attributes) mistakes.push("data: MUST NOT stand beside data_base64\n");
  if (mistakes.length > 0) throw new PublishError(mistakes.join(""));
  return attributes as unknown as CloudEventV1<unknown>;
}

/** RFC 3339, date-time: what `Date` alone would take is far more. */
export function isTimestamp(value: unknown): value is string {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function headerOf(headers: HeaderPairs, lowerName: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === lowerName)?.[1];
}
