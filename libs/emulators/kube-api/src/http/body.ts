import type { IncomingMessage } from "node:http";
import { parse as parseYaml } from "yaml";
import { isFields } from "../json.ts";
import { decodeProtobuf } from "../protobuf/decode.ts";
import { ApiError, badRequest } from "../status.ts";
import { duplicateFields } from "./duplicate-fields.ts";

const maxBytes = 3 * 1024 * 1024;
const maxDrainedBytes = 64 * 1024 * 1024;

/** The whole body, as long as it is not larger than a real API server takes. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is too much is read on and thrown away, so that the client gets to hear why.
    if (size <= maxBytes) chunks.push(chunk);
    else if (size > maxDrainedBytes) break;
  }
  if (size > maxBytes)
    throw new ApiError(413, "RequestEntityTooLarge", `Request entity too large: limit is ${maxBytes}`);
  return Buffer.concat(chunks);
}

export interface DecodedBody {
  value: unknown;
  duplicates: string[];
}

const accepted = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

export const mediaType = (contentType: string) => (contentType.split(";")[0] as string).trim().toLowerCase();

/** Parses a body that carries an object. `expected` names the kind in the message for what is no object at all. */
export function decodeBody(bytes: Buffer, contentType: string, expected: string): DecodedBody {
  const type = mediaType(contentType);
  if (type === "application/vnd.kubernetes.protobuf") return { value: parseProtobuf(bytes, expected), duplicates: [] };
  const text = bytes.toString("utf8");
  if (type === "application/yaml") return decodeYaml(text);
  if (type !== "" && type !== "application/json") {
    throw new ApiError(
      415,
      "UnsupportedMediaType",
      `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    );
  }
  return { value: parseJson(text, expected), duplicates: duplicateFields(text) };
}

export function decodeYaml(text: string): DecodedBody {
  // JSON is YAML, and the usual case: kubectl sends it under the YAML media type.
  if (/^\s*\{/.test(text)) {
    try {
      return { value: JSON.parse(text), duplicates: duplicateFields(text) };
    } catch {
      // Flow-style YAML starts with a brace too.
    }
  }
  try {
    return { value: parseYaml(text), duplicates: [] };
  } catch (error) {
    throw badRequest(`error parsing YAML: ${(error as Error).message}`);
  }
}

function parseProtobuf(bytes: Buffer, expected: string): unknown {
  try {
    const value = decodeProtobuf(bytes);
    if (value) return value;
  } catch {
    // Falls through: what cannot be read is no object.
  }
  throw badRequest(
    `the object provided is unrecognized (must be of type ${expected}): provided data does not appear to be a protobuf message`,
  );
}

function parseJson(text: string, expected: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = (error as Error).message;
    const isCut = /end of JSON|Expected property name|Unterminated/.test(message);
    const why = isCut ? `unexpected end of JSON input (${text.slice(0, 80)})` : message;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expected}): couldn't get version/kind; json parse error: ${why}`,
    );
  }
  if (isFields(value)) return value;
  const type = Array.isArray(value) ? "array" : typeof value;
  const go = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  const why = `json: cannot unmarshal ${type} into Go value of type ${go} (${Buffer.from(text).toString("hex")})`;
  throw badRequest(
    `the object provided is unrecognized (must be of type ${expected}): couldn't get version/kind; json parse error: ${why}`,
  );
}
