import { randomUUID } from "node:crypto";
import { headerValues, type OwnResponse, type RawHeaders } from "@application-connector/forward";
import { isEventHeader, readBinary } from "../cloudevents/binary.ts";
import { decodeHeaderValue } from "../cloudevents/header-value.ts";
import { InvalidEvent } from "../cloudevents/invalid-event.ts";
import { expectEnd, readObject, readString, skipSpace, skipValue } from "../cloudevents/json-scanner.ts";
import { essenceOf } from "../cloudevents/media-type.ts";
import { readMode } from "../cloudevents/mode.ts";
import { readStructured } from "../cloudevents/structured.ts";
import type { DeliverableEvent } from "../delivery/delivery.ts";
import { type LegacyEvent, readLegacyEvent } from "../legacy/legacy-event.ts";
import { eventSubject, type SubjectRules, standardSubject } from "../subscriptions/event-subject.ts";
import { legacySubject } from "./legacy-subject.ts";

/** A message as Eventing's publisher proxy would put it into the stream. */
export interface NatsMessage {
  readonly subject: string;
  /** Names and values. */
  readonly headers: readonly (readonly [string, string])[];
  /** The CloudEvent in structured mode. */
  readonly body: Buffer;
  /** By which the stream knows a repeated message. */
  readonly id: string;
}

/** What is to be published, and the answer when all of it is stored; or the answer to what cannot be. */
export type Translation = { readonly messages: readonly NatsMessage[]; readonly answer: OwnResponse } | OwnResponse;

/** Members of a CloudEvent in their order: names, and values as JSON. */
type Members = Map<string, Buffer>;

/** Source of the prefixed twin of a legacy event. */
const legacyNamespace = "kyma";

/** What Eventing's publisher proxy makes of an event; numbers keep their digits. */
export function translate(event: DeliverableEvent, rules: SubjectRules): Translation {
  if (event.route === "v1") return translateLegacy(event, rules);
  try {
    return translateEvent(event, rules);
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error;
    return text(400, error.message);
  }
}

function translateEvent({ headers, body }: DeliverableEvent, rules: SubjectRules): Translation {
  const members = readMode(headers).mode === "binary" ? binaryMembers(headers, body) : structuredMembers(body);
  const type = textOf(members, "type");
  const subject = eventSubject(textOf(members, "source"), type, rules);
  if (subject === undefined)
    return text(400, "the event type cannot have empty segments after cleaning, or too few of them");
  const isPrefixed = rules.typePrefix !== "" && type.startsWith(rules.typePrefix);
  // The subject of a prefixed type is the type behind `kyma.`; any other type is stored as its subject.
  members.set("type", json(isPrefixed ? subject.slice("kyma.".length) : subject));
  if (!isPrefixed) members.set("originaltype", json(type));
  addTrace(members, headers);
  const [source, id] = [textOf(members, "source"), textOf(members, "id")];
  return { messages: [message(subject, members, messageId(source, id))], answer: empty };
}

function translateLegacy({ application, headers, body }: DeliverableEvent, rules: SubjectRules): Translation {
  const legacy = readLegacyEvent(body);
  if ("status" in legacy) return jsonAnswer(legacy.status, legacy);
  const type = `${legacy.type}.${legacy.version}`;
  const current = standardSubject(rules.typeLabelOf(application) ?? application, type);
  const prefixed = legacySubject(application, legacy, rules);
  if (current === undefined || prefixed === undefined)
    return jsonAnswer(400, { status: 400, message: "the event type cannot have empty segments after cleaning" });
  // One id for both, so that a sender that sends again with it is understood.
  const id = legacy.id ?? randomUUID();
  const one = legacyMembers(legacy, body, { id, source: application, type: current, originaltype: type });
  const other = legacyMembers(legacy, body, { id, source: legacyNamespace, type: prefixed });
  for (const members of [one, other]) addTrace(members, headers);
  const key = messageId(application, id);
  return {
    messages: [message(current, one, key), message(`kyma.${prefixed}`, other, `${key}#o`)],
    answer: jsonAnswer(200, { "event-id": id, status: "", reason: "" }),
  };
}

function legacyMembers(
  { version, time, data }: LegacyEvent,
  body: Buffer,
  own: Readonly<Record<string, string>>,
): Members {
  const attributes = {
    specversion: "1.0",
    ...own,
    datacontenttype: "application/json",
    time,
    eventtypeversion: version,
  };
  const members: Members = new Map(Object.entries(attributes).map(([name, value]) => [name, json(value)]));
  return members.set("data", body.subarray(data.start, data.end));
}

function structuredMembers(body: Buffer): Members {
  const { start } = readStructured(body);
  const { members } = readObject(body, start);
  return new Map(members.map(({ name, start: from, end }) => [name, body.subarray(from, end)]));
}

function binaryMembers(headers: RawHeaders, body: Buffer): Members {
  const [contentType] = headerValues(headers, "content-type");
  readBinary(headers, contentType);
  const members: Members = new Map();
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (isEventHeader(name))
      members.set(name.slice(3).toLowerCase(), json(decodeHeaderValue(headers[at + 1] as string)));
  }
  if (contentType !== undefined) members.set("datacontenttype", json(contentType));
  if (body.length > 0) addData(members, contentType, body);
  return members;
}

/** JSON stays JSON, text becomes a string, and all else is Base64. */
function addData(members: Members, contentType: string | undefined, body: Buffer): void {
  const essence = contentType === undefined ? "application/json" : essenceOf(contentType);
  if (/[/+]json$/.test(essence) && isJson(body)) members.set("data", body);
  else if (essence.startsWith("text/") && Buffer.from(body.toString()).equals(body))
    members.set("data", json(body.toString()));
  else members.set("data_base64", json(body.toString("base64")));
}

function isJson(body: Buffer): boolean {
  try {
    expectEnd(body, skipValue(body, skipSpace(body, 0)));
    return Buffer.from(body.toString()).equals(body);
  } catch {
    return false;
  }
}

/** Trace headers travel as extensions, and become headers again when the event is delivered. */
const traceExtensions = [
  "traceparent",
  "x-b3-traceid",
  "x-b3-parentspanid",
  "x-b3-spanid",
  "x-b3-sampled",
  "x-b3-flags",
];

function addTrace(members: Members, headers: RawHeaders): void {
  for (const header of traceExtensions) {
    const [value] = headerValues(headers, header);
    if (value !== undefined) members.set(header.replace("x-b3-", "b3"), json(value));
  }
}

function message(subject: string, members: Members, id: string): NatsMessage {
  const contentType = members.has("datacontenttype") ? textOf(members, "datacontenttype") : "application/json";
  const named = ["specversion", "type", "source", "id"].map((name) => [`ce-${name}`, textOf(members, name)] as const);
  const parts: Buffer[] = [];
  for (const [name, value] of members)
    parts.push(Buffer.from(`${parts.length === 0 ? "{" : ","}${JSON.stringify(name)}:`), value);
  return {
    subject,
    headers: [["Content-Type", contentType], ...named],
    body: Buffer.concat([...parts, Buffer.from("}")]),
    id,
  };
}

const messageId = (source: string, id: string): string => `${encodeURIComponent(source)}/${encodeURIComponent(id)}`;
const json = (value: string | undefined): Buffer => Buffer.from(JSON.stringify(value ?? ""));
const textOf = (members: Members, name: string): string => readString(members.get(name) ?? json(""), 0);
const empty: OwnResponse = { status: 204, headers: [], body: Buffer.alloc(0) };
const text = (status: number, body: string): OwnResponse => ({
  status,
  headers: ["Content-Type", "text/plain; charset=utf-8"],
  body: Buffer.from(body),
});
const jsonAnswer = (status: number, body: object): OwnResponse => ({
  status,
  headers: ["Content-Type", "application/json"],
  body: Buffer.from(JSON.stringify(body)),
});
