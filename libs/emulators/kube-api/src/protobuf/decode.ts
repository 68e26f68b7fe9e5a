import { messageOf, messages } from "../generated/messages.ts";
import { type Fields, isFields } from "../json.ts";
import { wireFields } from "./reader.ts";

type Message = Readonly<Record<string, readonly [name: string, type: string]>>;

const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);
const parsed = new Map<string, Message>();
const text = new TextDecoder();
const deleteOptions = "k8s.io.apimachinery.pkg.apis.meta.v1.DeleteOptions";

/** Go writes zero values of fields that are no pointers; only these mean something when they are zero. */
const meaningfulZeros = new Set([
  "replicas",
  "automountServiceAccountToken",
  "gracePeriodSeconds",
  "terminationGracePeriodSeconds",
  "allowPrivilegeEscalation",
  "readOnlyRootFilesystem",
  "enableServiceLinks",
  "runAsUser",
  "backoffLimit",
]);

/** An object in Kubernetes' protobuf envelope, as the JSON it stands for; undefined when it is no such thing. */
export function decodeProtobuf(bytes: Uint8Array): Fields | undefined {
  if (magic.compare(bytes.subarray(0, 4)) !== 0) return undefined;
  let apiVersion = "";
  let kind = "";
  let raw: Uint8Array = new Uint8Array();
  for (const { number, value } of wireFields(bytes.subarray(4))) {
    if (!(value instanceof Uint8Array)) continue;
    if (number === 2) raw = value;
    if (number !== 1) continue;
    for (const part of wireFields(value)) {
      if (part.number === 1) apiVersion = text.decode(part.value as Uint8Array);
      else kind = text.decode(part.value as Uint8Array);
    }
  }
  const name = messageOf[`${apiVersion}/${kind}`] ?? (kind === "DeleteOptions" ? deleteOptions : undefined);
  if (name === undefined) return undefined;
  return { apiVersion, kind, ...(decodeMessage(raw, name) as Fields) };
}

function message(name: string): Message | undefined {
  const known = parsed.get(name);
  if (known) return known;
  const json = messages[name];
  if (json === undefined) return undefined;
  const made = JSON.parse(json) as Message;
  parsed.set(name, made);
  return made;
}

function decodeMessage(bytes: Uint8Array, name: string): unknown {
  const result: Fields = {};
  const fields = message(name);
  for (const { number, value } of wireFields(bytes)) {
    const [key, type] = fields?.[number] ?? [];
    if (key === undefined || type === undefined) continue;
    if (type.startsWith("[]")) {
      const list = (result[key] as unknown[] | undefined) ?? [];
      list.push(decodeValue(value, type.slice(2)));
      result[key] = list;
    } else if (type.startsWith("{}")) {
      const [mapKey, mapValue] = decodeEntry(value as Uint8Array, type.slice(2));
      result[key] = { ...(result[key] as Fields | undefined), [mapKey]: mapValue };
    } else {
      const decoded = decodeValue(value, type);
      const isZero = decoded === "" || decoded === 0 || decoded === false || decoded === undefined;
      if (!isZero || (meaningfulZeros.has(key) && decoded !== undefined)) result[key] = decoded;
    }
  }
  return special(result, name.split(".").at(-1) as string);
}

function decodeEntry(bytes: Uint8Array, type: string): [string, unknown] {
  let key = "";
  let value: unknown = type === "string" || type === "bytes" ? "" : {};
  for (const field of wireFields(bytes)) {
    if (field.number === 1) key = text.decode(field.value as Uint8Array);
    else value = decodeValue(field.value, type);
  }
  return [key, value];
}

function decodeValue(value: bigint | Uint8Array, type: string): unknown {
  switch (type) {
    case "string":
      return text.decode(value as Uint8Array);
    case "bytes":
      return Buffer.from(value as Uint8Array).toString("base64");
    case "bool":
      return value !== 0n;
    case "double":
      return Buffer.from(value as Uint8Array).readDoubleLE();
    case "float":
      return Buffer.from(value as Uint8Array).readFloatLE();
    case "int32":
      return Number(BigInt.asIntN(32, value as bigint));
    case "int64":
    case "uint32":
    case "uint64":
      return Number(value);
    default:
      return decodeMessage(value as Uint8Array, type);
  }
}

/** Messages whose JSON is not an object of their fields. */
function special(fields: Fields, name: string): unknown {
  switch (name) {
    case "Time":
      return fields["seconds"] === undefined ? undefined : `${instant(fields).slice(0, 19)}Z`;
    case "MicroTime":
      return fields["seconds"] === undefined ? undefined : `${instant(fields).slice(0, 19)}.${micros(fields)}Z`;
    case "Quantity":
      return fields["string"];
    case "Duration":
      return isFields(fields) && "duration" in fields ? `${Number(fields["duration"]) / 1e9}s` : "0s";
    case "IntOrString":
      return fields["type"] === 1 ? (fields["strVal"] ?? "") : (fields["intVal"] ?? 0);
    case "ExtraValue":
    case "Verbs":
      return fields["items"] ?? [];
    case "FieldsV1":
      return rawJson(fields["Raw"]);
    case "RawExtension":
    case "JSON":
      return rawJson(fields["raw"]);
    case "JSONSchemaPropsOrArray":
      return fields["schema"] ?? fields["jSONSchemas"];
    case "JSONSchemaPropsOrBool":
      return fields["schema"] ?? fields["allows"] ?? false;
    case "JSONSchemaPropsOrStringArray":
      return fields["schema"] ?? fields["property"];
    default:
      return fields;
  }
}

const instant = ({ seconds }: Fields) => new Date(Number(seconds) * 1000).toISOString();
const micros = ({ nanos = 0 }: Fields) => String(Math.floor(Number(nanos) / 1000)).padStart(6, "0");
const rawJson = (base64: unknown): unknown =>
  base64 ? JSON.parse(Buffer.from(String(base64), "base64").toString()) : undefined;
