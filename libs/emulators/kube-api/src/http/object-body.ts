import { duplicateItems } from "../apply/duplicate-items.ts";
import { type Fields, isFields } from "../json.ts";
import { isBuiltIn } from "../kinds/built-in.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import { prune } from "../schema/prune.ts";
import { typeMismatch } from "../schema/types.ts";
import { ApiError, badRequest } from "../status.ts";
import type { DecodedBody } from "./body.ts";
import type { Call } from "./call.ts";

/** Makes an object of `kind` out of a decoded body: checks what it claims to be, drops unknown fields, warns or refuses. */
export function toObject(body: DecodedBody, kind: Kind, call: Call): KubeObject {
  const { value } = body;
  const apiVersion = apiVersionOf(kind);
  if (!isFields(value)) throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind})`);
  value["apiVersion"] ??= apiVersion;
  value["kind"] ??= kind.kind;
  if (value["kind"] !== kind.kind || value["apiVersion"] !== apiVersion) {
    if ((kind.custom || isBuiltIn(value)) && value["apiVersion"] !== apiVersion) {
      throw badRequest(
        `the API version in the data (${value["apiVersion"]}) does not match the expected API version (${apiVersion})`,
      );
    }
    if (call.info.verb === "patch") {
      const [version, group = ""] = String(value["apiVersion"]).split("/").reverse();
      throw badRequest(`invalid object type: ${group}/${version}, Kind=${value["kind"]}`);
    }
    throw badRequest(
      `${value["kind"]} in version ${JSON.stringify(versionOf(value["apiVersion"]))} cannot be handled as a ${kind.kind}: no kind ${JSON.stringify(value["kind"])} is registered for version ${JSON.stringify(value["apiVersion"])}`,
    );
  }
  value["metadata"] ??= {};
  dropNulls(value["metadata"]);
  if (call.info.verb === "patch") requireDeclared(value, kind);
  else checkFields(body, kind, call);
  const mismatch = typeMismatch(value, kind);
  if (mismatch) throw badRequest(`${prefix(kind)}: ${mismatch}`);
  const object = value as KubeObject;
  matchUrl(object, kind, call);
  return object;
}

/** What is applied must be known to the schema field by field: nobody could own the rest. */
function requireDeclared(value: Fields, kind: Kind): void {
  const undeclared = prune(value, kind.schema).map((path) => `.${path}: field not declared in schema`);
  const mistakes = [...undeclared, ...duplicateItems(value, kind.schema)];
  if (mistakes.length === 0) return;
  const { namespace = "", name = "" } = value["metadata"] as { namespace?: string; name?: string };
  const what = `${namespace}/${name}; ${kind.group}/${kind.version}, Kind=${kind.kind}`;
  const list = mistakes.length === 1 ? mistakes[0] : `errors:\n${mistakes.map((mistake) => `  ${mistake}`).join("\n")}`;
  throw new ApiError(500, "", `failed to create typed patch object (${what}): ${list}`);
}

/** In typed objects null means absent; in free-form ones it is a value. */
function dropNulls(value: unknown): void {
  if (!isFields(value)) return;
  for (const key of Object.keys(value)) if (value[key] === null) delete value[key];
}

const versionOf = (apiVersion: unknown) => String(apiVersion).split("/").at(-1);
const prefix = (kind: Kind) =>
  `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}`;

/** Unknown and duplicate fields: refused, warned about or ignored, as the request asks. */
export function checkFields(
  { value, duplicates }: DecodedBody,
  kind: Kind,
  call: Call,
  refuse = (mistakes: string) => badRequest(`${prefix(kind)}: ${mistakes}`),
): void {
  const mode = call.query.get("fieldValidation") || "Warn";
  if (!["Strict", "Warn", "Ignore"].includes(mode)) {
    throw badRequest(`fieldValidation: Unsupported value: "${mode}": supported values: "Ignore", "Strict", "Warn"`);
  }
  const unknown = isFields(value) ? prune(value, kind.schema) : [];
  if (mode === "Ignore") return;
  const texts = [
    ...duplicates.map((field) => `duplicate field ${JSON.stringify(field)}`),
    ...unknown.map((field) => `unknown field ${JSON.stringify(field)}`),
  ];
  if (texts.length === 0) return;
  if (mode === "Strict") throw refuse(`strict decoding error: ${texts.join(", ")}`);
  call.warnings.push(...texts);
}

export function matchUrl({ metadata }: KubeObject, kind: Kind, { info }: Call): void {
  if (kind.namespaced) {
    metadata.namespace ??= info.namespace;
    if (metadata.namespace !== info.namespace) {
      throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
    }
  }
  if (info.name && info.verb !== "create" && metadata.name && metadata.name !== info.name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${info.name})`);
  }
}
