import { isUtf8 } from "node:buffer";
import { checkAttributes, isAttributeName, isCoreAttribute } from "./attributes.ts";
import type { EventContext } from "./context.ts";
import { InvalidEvent } from "./invalid-event.ts";
import { expectEnd, type Member, readArray, readObject, readString, type Span, skipSpace } from "./json-scanner.ts";

/** An event inside the bytes that hold it. */
export interface StructuredEvent extends Span {
  readonly context: EventContext;
  /** Where the value of `source` is, quotes included. */
  readonly source: Span;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const maxInteger = 2 ** 31;

/** Reads the one event of a body in JSON format (CloudEvents JSON format 1.0.2, section 3). */
export function readStructured(body: Buffer): StructuredEvent {
  expectUtf8(body);
  const start = skipSpace(body, 0);
  const event = readEvent(body, start);
  expectEnd(body, event.end);
  return event;
}

/** Where the elements of a batch are; each is read by {@link readEvent}. */
export function readBatch(body: Buffer, maxEvents: number): Span[] {
  expectUtf8(body);
  const { elements, end } = readArray(body, skipSpace(body, 0), maxEvents);
  if (elements.length > maxEvents)
    throw new InvalidEvent("batch_too_long", `a batch may have ${maxEvents} events, this one has more`);
  expectEnd(body, end);
  return elements;
}

export function readEvent(body: Buffer, start: number): StructuredEvent {
  const { members, end } = readObject(body, start);
  const attributes = new Map<string, string>();
  let source: Span = { start, end };
  let data = false;
  let encoded = false;
  for (const member of members) {
    const { name } = member;
    if (name === "data") data = true;
    else if (isNull(body, member)) continue;
    else if (name === "data_base64") {
      checkBase64(body, member);
      encoded = true;
    } else {
      attributes.set(name, attributeText(body, member));
      if (name === "source") source = member;
    }
  }
  if (data && encoded) throw new InvalidEvent("invalid_data", "data and data_base64 are both there");
  return { context: checkAttributes(attributes), source, start, end };
}

function expectUtf8(body: Buffer): void {
  if (!isUtf8(body)) throw new InvalidEvent("invalid_encoding", "the body is not UTF-8");
}

/** The canonical text of an attribute's value. */
function attributeText(body: Buffer, { name, start, end }: Member): string {
  if (!isAttributeName(name))
    throw new InvalidEvent("invalid_name", `a member name is no attribute's, before byte ${start}`);
  if (body[start] === 0x22) return readString(body, start);
  const text = body.toString("latin1", start, end);
  if (!isCoreAttribute(name) && (text === "true" || text === "false" || isInteger(text))) return text;
  const expected = isCoreAttribute(name) ? "a string" : "a string, a boolean or a 32-bit integer";
  throw new InvalidEvent("invalid_attribute", `${name} must be ${expected}`);
}

/** No fraction, no exponent: a whole number is written as one. */
function isInteger(text: string): boolean {
  const value = Number(text);
  return /^-?\d+$/.test(text) && value >= -maxInteger && value < maxInteger;
}

function checkBase64(body: Buffer, { start, end }: Member): void {
  const text = body[start] === 0x22 ? readString(body, start) : undefined;
  if (text === undefined || !base64.test(text))
    throw new InvalidEvent("invalid_data", `data_base64 is not Base64, at byte ${start} to ${end}`);
}

function isNull(body: Buffer, { start }: Member): boolean {
  return body[start] === 0x6e;
}
