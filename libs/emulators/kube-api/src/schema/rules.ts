import { Environment } from "@marcbachmann/cel-js";
import { isFields, sameJson } from "../json.ts";
import type { FieldError } from "../status.ts";
import { fieldSchema, resolve, type Schema } from "./schema.ts";

interface Rule {
  rule: string;
  message?: string;
  fieldPath?: string;
}

/** Mistakes after which rules are not looked at: what they would be about may not be there. */
const blocking = new Set(["FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid"]);

const unchecked: FieldError = {
  type: "FieldValueInvalid",
  field: "<nil>",
  message:
    "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
};

/**
 * The rules in CEL (`x-kubernetes-validations`) that an object breaks. What an update leaves as it was is not judged again;
 * rules about the old value (`oldSelf`) are not known here.
 */
export function brokenRules(
  object: unknown,
  schema: Schema | undefined,
  previous: unknown,
  known: readonly FieldError[],
): FieldError[] {
  if (!hasRules(schema)) return [];
  if (known.some(({ type }) => blocking.has(type))) return [unchecked];
  const errors: FieldError[] = [];
  check(object, schema, previous, "", errors);
  return errors;
}

function check(value: unknown, given: Schema | undefined, old: unknown, path: string, errors: FieldError[]): void {
  const schema = resolve(given);
  if (!schema || value === undefined || value === null || (old !== undefined && sameJson(value, old))) return;
  for (const { rule, message, fieldPath = "" } of rulesOf(schema)) {
    const problem = judge(rule, value, schema);
    if (problem === undefined) continue;
    const text = problem === "" ? (message ?? `failed rule: ${rule}`) : `rule evaluation error: ${problem}`;
    const shown =
      typeof value === "object" ? JSON.stringify(Array.isArray(value) ? "array" : "object") : JSON.stringify(value);
    errors.push({ type: "FieldValueInvalid", field: path + fieldPath, message: `Invalid value: ${shown}: ${text}` });
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) check(item, schema.items, undefined, `${path}[${index}]`, errors);
  } else if (isFields(value)) {
    for (const [key, item] of Object.entries(value)) {
      const before = isFields(old) ? old[key] : undefined;
      check(item, fieldSchema(schema, key), before, path ? `${path}.${key}` : key, errors);
    }
  }
}

/** Undefined when the rule holds, empty when it does not, else why it cannot be said. */
function judge(rule: string, value: unknown, schema: Schema): string | undefined {
  try {
    return compiled(rule)({ self: celValue(value, schema) }) === true ? undefined : "";
  } catch (error) {
    return (error as Error).message;
  }
}

const environment = new Environment().registerVariable("self", "dyn");
type Compiled = (context: { self: unknown }) => unknown;
const programs = new Map<string, Compiled>();

function compiled(rule: string): Compiled {
  let program = programs.get(rule);
  if (program === undefined) {
    program = environment.parse(rule) as Compiled;
    programs.set(rule, program);
  }
  return program;
}

/** Whole numbers are another type than others in CEL. */
function celValue(value: unknown, given: Schema | undefined): unknown {
  const schema = resolve(given);
  if (typeof value === "number") return schema?.type === "integer" ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, celValue(item, fieldSchema(schema, key))]),
  );
}

const rulesOf = (schema: Schema): readonly Rule[] => schema["x-kubernetes-validations"] ?? [];

const known = new WeakMap<Schema, boolean>();

function hasRules(schema: Schema | undefined): boolean {
  if (schema === undefined || schema.$ref !== undefined) return false;
  const found = known.get(schema);
  if (found !== undefined) return found;
  const below = [schema.items, ...Object.values(schema.properties ?? {})];
  if (typeof schema.additionalProperties === "object") below.push(schema.additionalProperties);
  const has = rulesOf(schema).length > 0 || below.some(hasRules);
  known.set(schema, has);
  return has;
}
