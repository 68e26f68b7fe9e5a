import { hash } from "node:crypto";

/** Short enough to keep for thousands of objects, and gives away nothing of a Secret. */
export const digestOf = (value: unknown): string => hash("sha256", canonicalJson(value), "base64url");

/** The same text for the same value, whatever the order in which a server keeps fields. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  fields.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join(",")}}`;
}
