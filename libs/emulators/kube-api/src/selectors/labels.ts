import { badRequest } from "../status.ts";

export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

interface Requirement {
  key: string;
  operator: "in" | "notin" | "exists" | "missing" | "gt" | "lt";
  values: readonly string[];
}

const setBased = /^([^\s!=<>(),]+)\s+(in|notin)\s*\(([^)]*)\)$/;
const equality = /^([^\s!=<>(),]+)\s*(==|=|!=|>|<)\s*([^\s!=<>(),]*)$/;
const existence = /^(!?)\s*([^\s!=<>(),]+)$/;

/** Parses `app=crm,tier in (a, b),!legacy` into a predicate; undefined when it chooses everything. */
export function labelSelector(text: string | null | undefined): LabelMatcher | undefined {
  if (!text?.trim()) return undefined;
  const requirements = splitOutsideParentheses(text).map((part) => parse(part.trim(), text));
  return (labels) => requirements.every((requirement) => meets(labels, requirement));
}

/** Commas within parentheses separate values, not requirements. */
function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

function parse(part: string, whole: string): Requirement {
  const set = setBased.exec(part);
  if (set) {
    const values = (set[3] as string).split(",").map((value) => value.trim());
    return { key: set[1] as string, operator: set[2] as "in" | "notin", values };
  }
  const equal = equality.exec(part);
  if (equal) {
    const operator = ({ "=": "in", "==": "in", "!=": "notin", ">": "gt", "<": "lt" } as const)[equal[2] as "="];
    return { key: equal[1] as string, operator, values: [equal[3] as string] };
  }
  const exists = existence.exec(part);
  if (exists) return { key: exists[2] as string, operator: exists[1] ? "missing" : "exists", values: [] };
  const odd = /^[^A-Za-z0-9!]/.exec(part)?.[0];
  if (odd) throw badRequest(`found '${odd}', expected: !, identifier, or 'end of string'`);
  throw badRequest(`unable to parse requirement: ${JSON.stringify(part)} in ${JSON.stringify(whole)}`);
}

function meets(labels: Readonly<Record<string, string>>, { key, operator, values }: Requirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "in":
      return value !== undefined && values.includes(value);
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "missing":
      return value === undefined;
    case "gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "lt":
      return value !== undefined && Number(value) < Number(values[0]);
  }
}
