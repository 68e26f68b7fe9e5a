import { isFields } from "../json.ts";
import { fieldSchema, resolve, type Schema } from "./schema.ts";

const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const suffixes = Object.entries(decimal).sort(([, a], [, b]) => b - a);
const pattern = /^([+-]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const nano = 10n ** 9n;

/**
 * A resource quantity as the API server writes it: in the same family of suffixes, without fractions, and with the
 * largest suffix that allows that. `1000m` is `1`, `1.5Gi` is `1536Mi`. Anything else is returned as it is.
 */
export function canonicalQuantity(text: string): string {
  const [, sign = "", whole = "", fraction = "", suffix = ""] = pattern.exec(text) ?? [];
  if (whole === "" && fraction === "") return text;
  const digits = BigInt(whole + fraction || "0");
  const isBinary = suffix.endsWith("i");
  const exponent = /^[eE][+-]?\d/.test(suffix) ? Number(suffix.slice(1)) : undefined;
  const scale = isBinary
    ? { by: 1024n ** BigInt(binary.indexOf(suffix)), exponent: 0 }
    : { by: 1n, exponent: exponent ?? decimal[suffix] ?? 0 };
  // In billionths, rounded up: nothing smaller can be kept.
  const shift = 9 + scale.exponent - fraction.length;
  const scaled = digits * scale.by;
  const nanos = shift >= 0 ? scaled * 10n ** BigInt(shift) : ceilDiv(scaled, 10n ** BigInt(-shift));
  if (nanos === 0n) return "0";
  const minus = sign === "-" ? "-" : "";
  if (isBinary && nanos % nano === 0n) return minus + inBinary(nanos / nano);
  return minus + (exponent === undefined ? inDecimal(nanos) : inExponents(nanos));
}

function inBinary(value: bigint): string {
  let power = 0;
  let rest = value;
  while (rest % 1024n === 0n && power < binary.length - 1) {
    rest /= 1024n;
    power++;
  }
  return `${rest}${binary[power]}`;
}

function inDecimal(nanos: bigint): string {
  const [suffix, exponent] = suffixes.find(([, exponent]) => nanos % 10n ** BigInt(exponent + 9) === 0n) ?? ["n", -9];
  return `${nanos / 10n ** BigInt(exponent + 9)}${suffix}`;
}

function inExponents(nanos: bigint): string {
  let exponent = -9;
  let rest = nanos;
  while (rest % 1000n === 0n) {
    rest /= 1000n;
    exponent += 3;
  }
  return exponent === 0 ? `${rest}` : `${rest}e${exponent}`;
}

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

export const isQuantity = ({ description }: Schema): boolean =>
  description?.startsWith("Quantity is a fixed-point") ?? false;

/** Writes the quantities of an object as the API server does, in place. */
export function writeQuantities(value: unknown, schema: Schema | undefined): void {
  if (Array.isArray(value)) {
    const items = resolve(schema?.items);
    if (items) for (const item of value) writeQuantities(item, items);
    return;
  }
  if (!isFields(value) || !schema) return;
  for (const [key, item] of Object.entries(value)) {
    const field = fieldSchema(schema, key);
    if (field && isQuantity(field) && (typeof item === "string" || typeof item === "number")) {
      value[key] = canonicalQuantity(String(item));
    } else {
      writeQuantities(item, field);
    }
  }
}
