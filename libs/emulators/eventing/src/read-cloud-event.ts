import { type CloudEvent, type CloudEventV1, HTTP, type Message } from "cloudevents";
import { expectCloudEvent } from "./expect-cloud-event.ts";
import { PublishError } from "./publish-error.ts";

export type HeaderPairs = readonly (readonly [name: string, value: string])[];

export interface ReadEvent {
  mode: "binary" | "structured";
  event: CloudEventV1<unknown>;
}

type Attributes = Readonly<Record<string, unknown>>;

/**
 * Reads a CloudEvent as the Eventing Publisher Proxy does, with the `cloudevents` package. Own are the sentences of a
 * refusal, for the package invents what is missing, and what is spelt in ways that the package does not know.
 */
export function readCloudEvent(headers: HeaderPairs, body: Buffer): ReadEvent {
  const contentType = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const mediaType = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (mediaType.startsWith("application/cloudevents-batch")) throw new PublishError("not supported for batch events");
  if (mediaType.startsWith("application/cloudevents")) {
    if (!mediaType.endsWith("+json")) throw new PublishError("unknown Message encoding");
    return { mode: "structured", event: readStructured(body) };
  }
  return { mode: "binary", event: readBinary(headers, contentType, body) };
}

function readStructured(body: Buffer): CloudEventV1<unknown> {
  const attributes = jsonObject(body);
  expectCloudEvent(attributes);
  const headers = { "content-type": "application/cloudevents+json" };
  return complete(fromMessage({ headers, body: JSON.stringify(known(attributes)) }), attributes);
}

function readBinary(headers: HeaderPairs, contentType: string | undefined, body: Buffer): CloudEventV1<unknown> {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of headers) {
    const attribute = /^ce-([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
    if (attribute !== undefined) attributes[attribute] ??= headerText(value);
  }
  expectCloudEvent(attributes, "unknown Message encoding");
  const { type, ...data } = readData(contentType, body);
  const lines = Object.entries(known(attributes)).map(([name, value]) => [`ce-${name}`, value]);
  const event = fromMessage({ headers: { ...Object.fromEntries(lines), "content-type": type }, body: data.body });
  const given = contentType === undefined ? {} : { datacontenttype: contentType };
  const { datacontenttype: _, ...rest } = complete(event, { ...attributes, ...data.scalar });
  return { ...rest, ...given };
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

interface BinaryData {
  /** A media type under which the package reads the body as the Publisher Proxy reads it. */
  type: string;
  body: unknown;
  /** JSON that the package takes for a text: a number, a truth value or null. */
  scalar?: { data: unknown };
}

function readData(contentType: string | undefined, body: Buffer): BinaryData {
  if (body.length === 0) return { type: "application/octet-stream", body: undefined };
  if (contentType === undefined || /[/+]json\b/i.test(contentType)) {
    try {
      const text = body.toString().trim();
      const data: unknown = JSON.parse(text);
      if (/^["[{]/.test(text)) return { type: "application/json", body: text };
      return { type: "application/json", body: undefined, scalar: { data } };
    } catch {
      return { type: "application/octet-stream", body: new Uint8Array(body) };
    }
  }
  if (/^text\//i.test(contentType)) return { type: "text/plain", body: body.toString() };
  return { type: "application/octet-stream", body: new Uint8Array(body) };
}

function jsonObject(body: Buffer): Attributes {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch (error) {
    throw new PublishError((error as Error).message, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new PublishError("the event is no JSON object");
  return Object.fromEntries(Object.entries(value).filter(([name, member]) => member !== null || name === "data"));
}

/** What the package refuses or replaces: any other spelling of a time, and the name that the other version had for the schema. */
const unknownTo = (version: unknown): readonly string[] => ["time", version === "1.0" ? "schemaurl" : "dataschema"];

const known = (attributes: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).filter(([name]) => !unknownTo(attributes["specversion"]).includes(name)),
  );

function fromMessage(message: { headers: Message["headers"]; body: unknown }): CloudEvent<unknown> {
  return HTTP.toEvent(message) as CloudEvent<unknown>;
}

/** The event without what the package has added, and with what it was not given or has dropped. */
function complete(event: CloudEvent<unknown>, attributes: Attributes): CloudEventV1<unknown> {
  const { time: _, data, ...read } = event;
  const set = Object.entries(read).filter(([, value]) => value !== undefined);
  const kept = [...unknownTo(event.specversion), "data"].filter((name) => name in attributes);
  return {
    ...Object.fromEntries(set),
    ...(data === undefined || "data_base64" in Object.fromEntries(set) ? {} : { data }),
    ...Object.fromEntries(kept.map((name) => [name, attributes[name]])),
  } as unknown as CloudEventV1<unknown>;
}
