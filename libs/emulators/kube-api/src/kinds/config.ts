import { type Fields, isFields, sameJson } from "../json.ts";
import type { FieldError } from "../status.ts";
import type { Behaviour } from "./kind.ts";

const validKey = /^[-._a-zA-Z0-9]+$/;

function keyErrors(data: unknown, field: string): FieldError[] {
  return Object.keys(isFields(data) ? data : {})
    .filter((key) => !validKey.test(key) || key.length > 253 || key === "." || key === "..")
    .map((key) => ({
      type: "FieldValueInvalid" as const,
      field: `${field}[${key}]`,
      message: `Invalid value: ${JSON.stringify(key)}: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
    }));
}

/** `immutable: true` freezes the content and itself. */
function immutabilityErrors(object: Fields, previous: Fields | undefined, fields: readonly string[]): FieldError[] {
  if (previous?.["immutable"] !== true) return [];
  const wrong = (field: string, why: string): FieldError => ({
    type: "FieldValueForbidden",
    field,
    message: `Forbidden: ${why}`,
  });
  const errors = object["immutable"] === true ? [] : [wrong("immutable", "field is immutable when `immutable` is set")];
  for (const field of fields) {
    if (!sameJson(object[field], previous[field]))
      errors.push(wrong(field, "field is immutable when `immutable` is set"));
  }
  return errors;
}

export const secret: Behaviour = {
  selectable: ["type"],
  defaults(object) {
    const { stringData } = object as { stringData?: Record<string, string> };
    if (stringData) {
      const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
      object["data"] = { ...(object["data"] as Fields | undefined), ...Object.fromEntries(encoded) };
      delete object["stringData"];
    }
    object["type"] ||= "Opaque";
  },
  validate(object, previous) {
    const errors = [...keyErrors(object["data"], "data"), ...immutabilityErrors(object, previous, ["data"])];
    if (previous && previous["type"] !== object["type"]) {
      const message = `Invalid value: ${JSON.stringify(object["type"])}: field is immutable`;
      errors.push({ type: "FieldValueInvalid", field: "type", message });
    }
    for (const [type, keys] of Object.entries(requiredKeys)) {
      if (object["type"] !== type) continue;
      const data = (object["data"] ?? {}) as Fields;
      for (const key of keys) {
        if (data[key] === undefined)
          errors.push({ type: "FieldValueRequired", field: `data[${key}]`, message: "Required value" });
      }
    }
    return errors;
  },
};

const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

export const configMap: Behaviour = {
  validate: (object, previous) => [
    ...keyErrors(object["data"], "data"),
    ...keyErrors(object["binaryData"], "binaryData"),
    ...immutabilityErrors(object, previous, ["data", "binaryData"]),
  ],
};
