import { isTimestamp } from "./expect-cloud-event.ts";
import { parseFirstJson } from "./json-prefix.ts";

/** An event of Kyma's first format, as `POST /{application}/v1/events` takes it. */
export interface LegacyEvent {
  type: string;
  version: string;
  time: string;
  id: string | undefined;
  data: unknown;
}

/** The body of a refusal; members without value are left out, as Go's `omitempty` does. */
export interface LegacyError {
  status: number;
  type?: string;
  message: string;
  moreInfo?: string;
  details?: { field: string; type: string; message: string }[];
}

export type LegacyResult = { event: LegacyEvent } | { error: LegacyError };

/** Reads a legacy event, checking in the order of the Eventing Publisher Proxy: the first mistake is the answer. */
export function readLegacyEvent(body: Buffer): LegacyResult {
  if (body.length === 0) return { error: badSyntax("Bad payload syntax") };
  let fields: ReadonlyMap<string, unknown>;
  try {
    fields = fieldsOf(parseFirstJson(body.toString("utf8")));
  } catch (error) {
    return { error: badSyntax((error as Error).message) };
  }
  const text = (name: string): string => (fields.get(name) as string | null | undefined) ?? "";

  if (text("event-type") === "") return { error: missing("event-type") };
  if (text("event-type-version") === "") return { error: missing("event-type-version") };
  if (!/[a-zA-Z0-9]/.test(text("event-type-version"))) return { error: invalid("event-type-version") };
  if (text("event-time") === "") return { error: missing("event-time") };
  if (!isTimestamp(text("event-time"))) return { error: invalid("event-time") };
  if (text("event-id") !== "" && !uuidPattern.test(text("event-id"))) return { error: invalid("event-id") };
  const data = fields.get("data");
  if (data === undefined || data === null || data === "") return { error: missing("data") };

  return {
    event: {
      type: text("event-type"),
      version: text("event-type-version"),
      time: text("event-time"),
      id: text("event-id") || undefined,
      data,
    },
  };
}

export const tooLarge: LegacyError = {
  status: 413,
  type: "request_body_too_large",
  message: "Request body too large",
  moreInfo: "http: request body too large",
};

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const textFields = ["event-type", "event-type-version", "event-time", "event-id"];

/** Field names match in any case, as Go's decoder matches them; a text field with another kind of value is an error. */
function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  if (value === null) return new Map();
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new TypeError(`json: cannot unmarshal ${kindOf(value)} into an event`);
  }
  const fields = new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
  for (const name of textFields) {
    const member = fields.get(name) ?? "";
    if (typeof member !== "string") {
      throw new TypeError(`json: cannot unmarshal ${kindOf(member)} into field ${name} of type string`);
    }
  }
  return fields;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
}

function badSyntax(moreInfo: string): LegacyError {
  return { status: 400, type: "bad_payload_syntax", message: "Bad payload syntax", moreInfo };
}

function missing(field: string): LegacyError {
  return violation("Missing field", { field, type: "missing_field", message: "Missing field" });
}

function invalid(field: string): LegacyError {
  return violation("Invalid field", { field, type: "invalid_field", message: "Invalid field" });
}

function violation(message: string, detail: { field: string; type: string; message: string }): LegacyError {
  return { status: 400, type: "validation_violation", message, details: [detail] };
}
