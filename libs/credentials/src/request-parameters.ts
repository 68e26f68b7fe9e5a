import { Problem } from "@application-connector/problem";
import { isHeaderName, isHeaderValue, isOfTheConnection } from "./header-text.ts";
import { type QueryAddition, toByteString } from "./query.ts";
import { optional, type Secret } from "./secret.ts";

/** What a Secret adds to a request: headers and query parameters, each only where the request has none of that name. */
export interface RequestParameters {
  readonly headers: readonly HeaderAddition[];
  readonly query: readonly QueryAddition[];
  /** Names of configured headers that are never sent, for the log. */
  readonly ignoredHeaders: readonly string[];
}

export interface HeaderAddition {
  readonly name: string;
  readonly lowerName: string;
  readonly values: readonly string[];
}

export const noParameters: RequestParameters = { headers: [], query: [], ignoredHeaders: [] };

/** Reads the keys `headers` and `queryParameters` of a Secret: JSON objects of lists of strings. */
export function requestParameters(secret: Secret): RequestParameters {
  const headers: HeaderAddition[] = [];
  const ignoredHeaders: string[] = [];
  for (const [name, values] of stringLists(secret, "headers")) {
    const lowerName = name.toLowerCase();
    const bytes = values.map(toByteString);
    if (!isHeaderName(name) || !bytes.every(isHeaderValue)) {
      throw new Problem(
        "SECRET_INVALID",
        `secret '${secret.name}', key 'headers': '${shown(name)}' is no valid HTTP header`,
      );
    }
    if (isOfTheConnection(lowerName)) ignoredHeaders.push(name);
    else if (bytes.length > 0) headers.push({ name, lowerName, values: bytes });
  }
  const query = stringLists(secret, "queryParameters").map(
    ([name, values]): QueryAddition => [toByteString(name), values.map(toByteString)],
  );
  return { headers, query, ignoredHeaders };
}

/** Adds what the flat header list does not have yet, whatever the case of its names. */
export function addHeaders(headers: string[], additions: readonly HeaderAddition[]): void {
  const end = headers.length;
  for (const { name, lowerName, values } of additions) {
    if (hasHeader(headers, end, lowerName)) continue;
    for (const value of values) headers.push(name, value);
  }
}

/** As much of a name as looks like one: behind it may be a value that came into the wrong place (`X-Key: value`). */
function shown(name: string): string {
  return /^[\w-]*/.exec(name)?.[0] ?? "";
}

function hasHeader(headers: readonly string[], end: number, lowerName: string): boolean {
  for (let i = 0; i < end; i += 2) {
    const name = headers[i] as string;
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) return true;
  }
  return false;
}

/** The members of a JSON object of lists of strings, as `[name, values]`. */
function stringLists(secret: Secret, key: "headers" | "queryParameters"): [name: string, values: string[]][] {
  const text = optional(secret, key);
  if (text === undefined) return [];
  const broken = (why: string): Problem =>
    new Problem(
      "SECRET_INVALID",
      `Failed to unmarshal ${described[key]}, secret '${secret.name}', key '${key}': ${why}`,
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.toString("utf8"));
  } catch {
    // The parser's own message quotes the text, which is secret.
    throw broken("not JSON");
  }
  if (parsed === null) return [];
  if (typeof parsed !== "object" || Array.isArray(parsed)) throw broken("not an object of lists of strings");
  return Object.entries(parsed).map(([name, values]): [string, string[]] => {
    if (values === null) return [name, []];
    if (!Array.isArray(values) || !values.every((value) => typeof value === "string")) {
      throw broken(`the value of '${shown(name)}' is not a list of strings`);
    }
    return [name, values];
  });
}

const described = { headers: "headers", queryParameters: "query parameters" } as const;
