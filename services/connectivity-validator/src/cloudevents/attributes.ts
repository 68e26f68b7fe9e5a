import type { EventContext } from "./context.ts";
import { isEventText } from "./event-text.ts";
import { InvalidEvent } from "./invalid-event.ts";
import { isMediaType } from "./media-type.ts";
import { isTimestamp } from "./timestamp.ts";
import { isUri, isUriReference } from "./uri.ts";

/** Attributes by name, as text. */
export type Attributes = ReadonlyMap<string, string>;

const attributeName = /^[a-z0-9]+$/;

/** Names of attributes are lower-case letters and digits; longer than 20 characters is unusual, but allowed. */
export const isAttributeName = (name: string): boolean => attributeName.test(name);

const rules: Readonly<Record<string, [isValid: (value: string) => boolean, expected: string]>> = {
  id: [isPresent, "a non-empty string"],
  source: [isUriReference, "a URI reference"],
  specversion: [(value) => value === "1.0", "1.0"],
  type: [isPresent, "a non-empty string"],
  datacontenttype: [isMediaType, "a media type"],
  dataschema: [isUri, "an absolute URI"],
  subject: [isPresent, "a non-empty string"],
  time: [isTimestamp, "an RFC 3339 timestamp"],
};

function isPresent(value: string): boolean {
  return value !== "";
}

/** Whether an attribute of this name is text by definition; an extension may also be a number or a boolean. */
export const isCoreAttribute = (name: string): boolean => Object.hasOwn(rules, name);

/** Checks what the specification says of the attributes of an event as a whole. */
export function checkAttributes(attributes: Attributes): EventContext {
  for (const [name, value] of attributes) {
    if (!isEventText(value)) throw new InvalidEvent("invalid_attribute", `${name} has a character that is not allowed`);
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined || rule[0](value)) continue;
    throw new InvalidEvent("invalid_attribute", `${name} must be ${rule[1]}`);
  }
  // Last, so that a version nobody knows is told before what another version might not require.
  required(attributes, "specversion");
  return { id: required(attributes, "id"), source: required(attributes, "source"), type: required(attributes, "type") };
}

function required(attributes: Attributes, name: string): string {
  const value = attributes.get(name);
  if (value === undefined) throw new InvalidEvent("missing_attribute", `${name} is missing`);
  return value;
}
