import type { PrinterColumn } from "../kinds/custom.ts";
import type { KubeObject } from "../objects.ts";
import { age } from "./age.ts";
import { jsonPath } from "./json-path.ts";

/** The cells a CustomResourceDefinition's printer columns ask for, after the name. */
export function customCells(columns: readonly PrinterColumn[]): (object: KubeObject, now: number) => unknown[] {
  const readers = columns.map(({ jsonPath: path, type }) => ({ read: jsonPath(path), type }));
  return (object, now) => [object.metadata.name, ...readers.map(({ read, type }) => cell(read(object), type, now))];
}

function cell(found: readonly unknown[], type: string, now: number): unknown {
  const [value] = found;
  if (value === undefined || value === null) return null;
  switch (type) {
    case "integer":
      return Math.trunc(Number(value));
    case "number":
      return Number(value);
    case "boolean":
      return value === true || value === "true";
    case "date":
      return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? age(value, now) : "<invalid>";
    default:
      return found.map((item) => (typeof item === "string" ? item : JSON.stringify(item))).join(" ");
  }
}
