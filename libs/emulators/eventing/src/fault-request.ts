import type { Fault } from "./faults.ts";

/** The body of `PUT /faults`: a fault and how often it strikes, or the first mistake in it. */
export function parseFault(text: string): { fault: Fault; times?: number } | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "the body must be JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "the body must be a JSON object";
  const members = Object.entries(value);
  for (const [name, member] of members) {
    const rule = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (rule === undefined) return "only status, delayMs, hang, reset and times are known";
    const [check, expected] = rule;
    if (!check(member)) return `${name} must be ${expected}`;
  }
  const { times, ...fault } = value as Fault & { times?: number };
  return { fault, ...(times === undefined ? {} : { times }) };
}

const checks: Record<string, [check: (value: unknown) => boolean, expected: string]> = {
  status: [(value) => isIntegerWithin(value, 200, 599), "a status from 200 to 599"],
  delayMs: [(value) => isIntegerWithin(value, 0, 3_600_000), "milliseconds up to an hour"],
  hang: [(value) => typeof value === "boolean", "true or false"],
  reset: [(value) => typeof value === "boolean", "true or false"],
  times: [(value) => isIntegerWithin(value, 1, 1_000_000), "a number from 1"],
};

function isIntegerWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
}
