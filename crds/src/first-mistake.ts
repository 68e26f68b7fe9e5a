import type { Schema } from "./schema.ts";

/**
 * The first way in which a value is not what the schema says, as a sentence that begins with the path; undefined when
 * there is none. Fields the schema does not know are fine: a newer server may send them.
 */
export function firstMistake(schema: Schema, value: unknown, path = ""): string | undefined {
  if (value === null && schema.nullable === true) return undefined;
  const actual = typeOf(value);
  if (schema.type === undefined) {
    if (actual === "integer") return undefined;
    return actual === "string"
      ? stringMistake(schema, value as string, path)
      : `${at(path)} must be an integer or a string, not ${actual === "null" ? "null" : withArticle(actual)}`;
  }
  if (actual !== schema.type && !(schema.type === "number" && actual === "integer")) {
    return `${at(path)} must be ${withArticle(schema.type)}, not ${actual === "null" ? "null" : withArticle(actual)}`;
  }
  switch (schema.type) {
    case "object":
      return objectMistake(schema, value as Record<string, unknown>, path);
    case "array":
      return arrayMistake(schema, value as readonly unknown[], path);
    case "string":
      return stringMistake(schema, value as string, path);
    case "integer":
    case "number":
      return numberMistake(schema, value as number, path);
    case "boolean":
      return undefined;
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

const withArticle = (type: string) => `${/^[aeio]/.test(type) ? "an" : "a"} ${type}`;

const at = (path: string) => (path === "" ? "the object" : path);

const child = (path: string, name: string) =>
  /^[\w-]+$/.test(name) ? (path === "" ? name : `${path}.${name}`) : `${path}[${JSON.stringify(name)}]`;

function objectMistake(schema: Schema, value: Record<string, unknown>, path: string): string | undefined {
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name) || value[name] === undefined) return `${child(path, name)} is required`;
  }
  for (const [name, member] of Object.entries(value)) {
    const known = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
    const memberSchema = known ? schema.properties?.[name] : schema.additionalProperties;
    // An own property without a value is what JSON would leave out.
    if (memberSchema === undefined || member === undefined) continue;
    const mistake = firstMistake(memberSchema, member, child(path, name));
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

function arrayMistake(schema: Schema, value: readonly unknown[], path: string): string | undefined {
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    return `${at(path)} must have at most ${schema.maxItems} items`;
  }
  if (schema.items === undefined) return undefined;
  for (const [index, item] of value.entries()) {
    const mistake = firstMistake(schema.items, item, `${path}[${index}]`);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

function stringMistake(schema: Schema, value: string, path: string): string | undefined {
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return `${at(path)} must be one of ${schema.enum.join(", ")}`;
  }
  if (schema.minLength !== undefined && codePoints(value) < schema.minLength) {
    return `${at(path)} must have at least ${schema.minLength} characters`;
  }
  if (schema.maxLength !== undefined && codePoints(value) > schema.maxLength) {
    return `${at(path)} must have at most ${schema.maxLength} characters`;
  }
  if (schema.pattern !== undefined && !compiled(schema.pattern).test(value)) {
    return `${at(path)} must match ${schema.pattern}`;
  }
  if (schema.format === "date-time" && !isDateTime(value)) return `${at(path)} must be a date and time (RFC 3339)`;
  return undefined;
}

function numberMistake(schema: Schema, value: number, path: string): string | undefined {
  if (schema.minimum !== undefined && value < schema.minimum) return `${at(path)} must be at least ${schema.minimum}`;
  if (schema.maximum !== undefined && value > schema.maximum) return `${at(path)} must be at most ${schema.maximum}`;
  return undefined;
}

/** Kubernetes counts code points, JavaScript's `length` counts UTF-16 units. */
function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function isDateTime(text: string): boolean {
  const shape = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
  return shape.test(text) && !Number.isNaN(Date.parse(text));
}

const patterns = new Map<string, RegExp>();

/** Patterns come from our own schemas only, so the map is bounded by them. */
function compiled(pattern: string): RegExp {
  let expression = patterns.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(pattern, "u");
    patterns.set(pattern, expression);
  }
  return expression;
}
