import { randomBytes } from "node:crypto";
import type { Kind } from "../kinds/kind.ts";
import { dnsSubdomain, isQualified, qualifiedHint } from "../kinds/names.ts";
import type { KubeObject } from "../objects.ts";
import type { FieldError } from "../status.ts";

const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** Five characters that are hard to mistake for each other, as the real server appends to generateName. */
export function generateName(prefix: string): string {
  const suffix = Array.from(randomBytes(5), (byte) => alphabet[byte % alphabet.length]).join("");
  return prefix.slice(0, 58) + suffix;
}

const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const labelHint =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const wrong = (field: string, value: unknown, why: string): FieldError => ({
  type: "FieldValueInvalid",
  field,
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
});

/** What is wrong with an object's metadata, whatever its kind. */
export function metadataErrors({ metadata }: KubeObject, kind: Kind): FieldError[] {
  const errors: FieldError[] = [];
  const nameProblem = (kind.behaviour.validName ?? dnsSubdomain)(metadata.name);
  if (nameProblem) errors.push(wrong("metadata.name", metadata.name, nameProblem));
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (!isQualified(key)) errors.push(wrong("metadata.labels", key, qualifiedHint));
    if (value.length > 63 || !labelValue.test(value)) errors.push(wrong("metadata.labels", value, labelHint));
  }
  for (const key of Object.keys(metadata.annotations ?? {})) {
    if (!isQualified(key.toLowerCase())) errors.push(wrong("metadata.annotations", key, qualifiedHint));
  }
  for (const owner of metadata.ownerReferences ?? []) {
    for (const key of ["apiVersion", "kind", "name", "uid"] as const) {
      if (!owner[key]) errors.push(wrong(`metadata.ownerReferences.${key}`, "", "must not be empty"));
    }
  }
  for (const finalizer of metadata.finalizers ?? []) {
    if (!isQualified(finalizer)) errors.push(wrong("metadata.finalizers", finalizer, qualifiedHint));
  }
  return errors;
}

/** What an update may not change. */
export function metadataUpdateErrors(next: KubeObject, previous: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["name", "namespace", "uid"] as const) {
    if (next.metadata[field] !== previous.metadata[field]) {
      errors.push(wrong(`metadata.${field}`, next.metadata[field] ?? "", "field is immutable"));
    }
  }
  return [...errors, ...finalizerErrors(next, previous)];
}

/** Nobody may hold back an object that is already being deleted. */
function finalizerErrors(next: KubeObject, previous: KubeObject): FieldError[] {
  if (previous.metadata.deletionTimestamp === undefined) return [];
  const known = new Set(previous.metadata.finalizers);
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !known.has(finalizer));
  if (added.length === 0) return [];
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(", ");
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [{ type: "FieldValueForbidden", field: "metadata.finalizers", message }];
}
