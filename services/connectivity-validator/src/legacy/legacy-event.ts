import { isUtf8 } from "node:buffer";
import { InvalidEvent } from "../cloudevents/invalid-event.ts";
import { type Member, readObject, readString, skipSpace } from "../cloudevents/json-scanner.ts";
import { isTimestamp } from "../cloudevents/timestamp.ts";

/** An event of Kyma's first format. */
export interface LegacyEvent {
  readonly type: string;
  readonly version: string;
  readonly time: string;
  readonly id: string | undefined;
  /** Where in the body an id stands that is none: null or empty. */
  readonly emptyId: Pick<Member, "start" | "end"> | undefined;
  /** Where its data is in the body. */
  readonly data: Pick<Member, "start" | "end">;
}

/** What Eventing would answer to a body that is none. */
export interface LegacyError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly moreInfo?: string;
  readonly details?: readonly { readonly field: string; readonly type: string; readonly message: string }[];
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const fields = ["event-type", "event-type-version", "event-time", "event-id", "data"] as const;
type Field = (typeof fields)[number];

/**
 * Reads a legacy event as Eventing does, mistakes in its order: names in any case, unknown fields and whatever follows
 * the first value are ignored. Only what Eventing would decide by the order of members is a mistake here.
 */
export function readLegacyEvent(body: Buffer): LegacyEvent | LegacyError {
  if (body.length === 0) return badSyntax("Bad payload syntax");
  let found: ReadonlyMap<Field, Member>;
  try {
    found = fieldsOf(body);
  } catch (error) {
    if (error instanceof InvalidEvent) return badSyntax(error.message);
    throw error;
  }
  const textOf = (field: Field): string => {
    const member = found.get(field);
    return member === undefined || isNull(body, member) ? "" : readString(body, member.start);
  };
  const wrong = (["event-type", "event-type-version", "event-time", "event-id"] as const).find((field) => {
    const member = found.get(field);
    return member !== undefined && !isNull(body, member) && body[member.start] !== 0x22;
  });
  if (wrong !== undefined) return badSyntax(`json: cannot unmarshal into field ${wrong} of type string`);

  const [type, version, time, id] = [
    textOf("event-type"),
    textOf("event-type-version"),
    textOf("event-time"),
    textOf("event-id"),
  ];
  if (type === "") return missing("event-type");
  if (version === "") return missing("event-type-version");
  if (!/[a-zA-Z0-9]/.test(version)) return invalid("event-type-version");
  if (time === "") return missing("event-time");
  if (!isTimestamp(time)) return invalid("event-time");
  if (id !== "" && !uuid.test(id)) return invalid("event-id");
  const data = found.get("data");
  if (data === undefined || isNull(body, data) || (body[data.start] === 0x22 && readString(body, data.start) === ""))
    return missing("data");
  const emptyId = id === "" ? found.get("event-id") : undefined;
  return { type, version, time, id: id || undefined, emptyId, data: { start: data.start, end: data.end } };
}

/** The type that a policy is about. */
export const fullType = ({ type, version }: LegacyEvent): string => `${type}.${version}`;

function fieldsOf(body: Buffer): ReadonlyMap<Field, Member> {
  if (!isUtf8(body)) throw new InvalidEvent("invalid_encoding", "the body is not UTF-8");
  const found = new Map<Field, Member>();
  for (const member of readObject(body, skipSpace(body, 0)).members) {
    const field = fields.find((known) => known === folded(member.name));
    if (field === undefined) continue;
    // Eventing would take the last one, and somebody else the first.
    if (found.has(field)) throw new InvalidEvent("duplicate_attribute", `${field} occurs more than once`);
    found.set(field, member);
  }
  return found;
}

/** As Go's decoder compares names: there is a long s that is an s to it. */
const folded = (name: string): string => name.toUpperCase().toLowerCase();

const isNull = (body: Buffer, { start }: Member): boolean => body[start] === 0x6e;

const badSyntax = (moreInfo: string): LegacyError => ({
  status: 400,
  type: "bad_payload_syntax",
  message: "Bad payload syntax",
  moreInfo,
});
const missing = (field: Field): LegacyError =>
  violation("Missing field", { field, type: "missing_field", message: "Missing field" });
const invalid = (field: Field): LegacyError =>
  violation("Invalid field", { field, type: "invalid_field", message: "Invalid field" });

function violation(message: string, detail: { field: string; type: string; message: string }): LegacyError {
  return { status: 400, type: "validation_violation", message, details: [detail] };
}
