import { isFields, sameJson } from "../json.ts";
import type { FieldError } from "../status.ts";
import { hasFormat } from "./formats.ts";
import { resolve, type Schema } from "./schema.ts";

/**
 * Every mistake of `value` against a structural schema, worded as the API server words it. What was there before counts no
 * more when it is unchanged: a schema that became stricter does not keep objects from being updated.
 */
export function validate(value: unknown, schema: Schema | undefined, path = "", old?: unknown): FieldError[] {
  const errors: FieldError[] = [];
  check(value, schema, path, errors, old);
  return errors;
}

const show = (value: unknown): string =>
  isFields(value) || Array.isArray(value) ? JSON.stringify(value) : JSON.stringify(value ?? "");

function fault(errors: FieldError[], path: string, value: unknown, text: string): void {
  errors.push({
    type: "FieldValueInvalid",
    field: path,
    message: `Invalid value: ${show(value)}: ${path} in body ${text}`,
  });
}

function check(value: unknown, given: Schema | undefined, path: string, errors: FieldError[], old?: unknown): void {
  const schema = resolve(given);
  if (!schema || (old !== undefined && sameJson(value, old))) return;
  if (value === null && schema.nullable) return;
  const isOfType = checkType(value, schema, path, errors);
  if (schema.enum && !schema.enum.some((allowed) => sameJson(allowed, value))) {
    const supported = schema.enum.map((allowed) =>
      JSON.stringify(typeof allowed === "string" ? allowed : JSON.stringify(allowed)),
    );
    errors.push({
      type: "FieldValueNotSupported",
      field: path,
      message: `Unsupported value: ${show(value)}: supported values: ${supported.join(", ")}`,
    });
  }
  if (!isOfType) return;
  if (typeof value === "string") checkString(value, schema, path, errors);
  else if (typeof value === "number") checkNumber(value, schema, path, errors);
  else if (Array.isArray(value)) checkList(value, schema, path, errors);
  else if (isFields(value)) checkFields(value, schema, path, errors, old);
  checkCombinations(value, schema, path, errors);
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "object" ? "object" : typeof value;
}

function checkType(value: unknown, schema: Schema, path: string, errors: FieldError[]): boolean {
  const actual = typeOf(value);
  const types = schema["x-kubernetes-int-or-string"] ? ["integer", "string"] : schema.type ? [schema.type] : [];
  if (types.length === 0 || types.includes(actual) || (types.includes("number") && actual === "integer")) return true;
  errors.push({
    type: "FieldValueTypeInvalid",
    field: path,
    message: `Invalid value: ${JSON.stringify(actual)}: ${path} in body must be of type ${types.join(",")}: ${JSON.stringify(actual)}`,
  });
  return false;
}

const patterns = new Map<string, RegExp>();

/** Patterns are RE2 upstream; what JavaScript reads differently (`(?i)`, `\A`) is close enough for CRDs in the wild. */
function pattern(source: string): RegExp {
  let compiled = patterns.get(source);
  if (!compiled) {
    const inline = /^\(\?([is]+)\)/.exec(source);
    compiled = inline ? new RegExp(source.slice(inline[0].length), `u${inline[1]}`) : new RegExp(source, "u");
    patterns.set(source, compiled);
  }
  return compiled;
}

function checkString(value: string, schema: Schema, path: string, errors: FieldError[]): void {
  const length = [...value].length;
  // Like the Go library, one mistake of a string is enough.
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    errors.push({
      type: "FieldValueTooLong",
      field: path,
      message: `Too long: may not be more than ${schema.maxLength} bytes`,
    });
  } else if (schema.minLength !== undefined && length < schema.minLength) {
    fault(errors, path, value, `should be at least ${schema.minLength} chars long`);
  } else if (schema.pattern !== undefined && !pattern(schema.pattern).test(value)) {
    fault(errors, path, value, `should match '${schema.pattern}'`);
  }
  if (schema.format !== undefined && !hasFormat(value, schema.format)) {
    fault(errors, path, value, `must be of type ${schema.format}: ${JSON.stringify(value)}`);
  }
}

function checkNumber(value: number, schema: Schema, path: string, errors: FieldError[]): void {
  const { minimum, maximum, multipleOf } = schema;
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) {
    fault(errors, path, value, `should be greater than ${schema.exclusiveMinimum ? "" : "or equal to "}${minimum}`);
  }
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) {
    fault(errors, path, value, `should be less than ${schema.exclusiveMaximum ? "" : "or equal to "}${maximum}`);
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    fault(errors, path, value, `should be a multiple of ${multipleOf}`);
  }
}

const tooMany = (path: string, actual: number, most: number): FieldError => ({
  type: "FieldValueTooMany",
  field: path,
  message: `Too many: ${actual}: must have at most ${most} items`,
});

function checkList(value: unknown[], schema: Schema, path: string, errors: FieldError[]): void {
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    errors.push(tooMany(path, value.length, schema.maxItems));
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    fault(errors, path, value.length, `should have at least ${schema.minItems} items`);
  }
  for (const [index, item] of value.entries()) check(item, schema.items, `${path}[${index}]`, errors);
  checkUniqueness(value, schema, path, errors);
}

function checkUniqueness(value: unknown[], schema: Schema, path: string, errors: FieldError[]): void {
  const kind = schema["x-kubernetes-list-type"];
  if (kind !== "set" && kind !== "map") return;
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const id = kind === "map" && isFields(item) ? Object.fromEntries(keys.map((key) => [key, item[key]])) : item;
    const text = JSON.stringify(id);
    if (seen.has(text)) {
      errors.push({ type: "FieldValueDuplicate", field: `${path}[${index}]`, message: `Duplicate value: ${text}` });
    }
    seen.add(text);
  }
}

function checkFields(
  value: Record<string, unknown>,
  schema: Schema,
  path: string,
  errors: FieldError[],
  old: unknown,
): void {
  for (const key of schema.required ?? []) {
    if (value[key] === undefined) {
      errors.push({ type: "FieldValueRequired", field: path ? `${path}.${key}` : key, message: "Required value" });
    }
  }
  const count = Object.keys(value).length;
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    errors.push(tooMany(path, count, schema.maxProperties));
  }
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    fault(errors, path, count, `should have at least ${schema.minProperties} properties`);
  }
  for (const key in value) {
    const property =
      schema.properties?.[key] ??
      (typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined);
    // Like the Go library, a field that is absent is not looked at further.
    if (!property || value[key] === undefined) continue;
    check(value[key], property, path ? `${path}.${key}` : key, errors, isFields(old) ? old[key] : undefined);
  }
}

function checkCombinations(value: unknown, schema: Schema, path: string, errors: FieldError[]): void {
  const matches = (alternative: Schema) => validate(value, alternative, path).length === 0;
  for (const part of schema.allOf ?? []) check(value, part, path, errors);
  if (schema.anyOf && !schema.anyOf.some(matches)) {
    fault(errors, path, "", "must validate at least one schema (anyOf)");
  }
  if (schema.oneOf && schema.oneOf.filter(matches).length !== 1) {
    fault(errors, path, "", "must validate one and only one schema (oneOf). Found none valid");
  }
  if (schema.not && matches(schema.not)) fault(errors, path, "", "must not validate the schema (not)");
}
