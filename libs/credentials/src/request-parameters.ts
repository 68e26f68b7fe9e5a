import { Problem } from "@application-connector/problem";
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

/** These describe the connection or the framing; a Secret has no say in them. */
export const notForSecrets = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these bytes may not be in a header value
export const forbiddenInValue = /[\x00-\x08\x0a-\x1f\x7f]/;

/** Reads the keys `headers` and `queryParameters` of a Secret: JSON objects of lists of strings. */
export function requestParameters(secret: Secret): RequestParameters {
  const headers: HeaderAddition[] = [];
  const ignoredHeaders: string[] = [];
  for (const [name, values] of stringLists(secret, "headers")) {
    const lowerName = name.toLowerCase();
    const bytes = values.map(toByteString);
    if (!headerName.test(name) || bytes.some((value) => forbiddenInValue.test(value))) {
      throw new Problem(
        "SECRET_INVALID",
        `secret '${secret.name}', key 'headers': '${shown(name)}' is no valid HTTP header`,
      );
    }
    if (notForSecrets.has(lowerName)) ignoredHeaders.push(name);
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

function stringLists(secret: Secret, key: "headers" | "queryParameters"): [string, string[]][] {
  const text = optional(secret, key);
  if (text === undefined) return [];
  const what = key === "headers" ? "headers" : "query parameters";
  const broken = (why: string): Problem =>
    new Problem("SECRET_INVALID", `Failed to unmarshal ${what}, secret '${secret.name}', key '${key}': ${why}`);
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
