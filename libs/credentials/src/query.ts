// Queries are handled as Go's net/url does, because what upstream put on the wire was made by it. All strings here
// are byte strings: one character per byte (latin1), so that no byte is changed on its way.

/** One name and its values, as byte strings. */
export type QueryAddition = readonly [name: string, values: readonly string[]];

/** `text` with each UTF-8 byte as one character. */
export function toByteString(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/**
 * Adds the values of every name that the query does not have yet. The result is parsed and written anew: sorted by
 * name, form-encoded, without pairs that can't be parsed.
 */
export function mergeQuery(rawQuery: string, additions: readonly QueryAddition[]): string {
  const values = parseQuery(rawQuery);
  for (const [name, added] of additions) {
    if (!values.has(name)) values.set(name, [...added]);
  }
  return encodeForm(values);
}

/** As Go's `url.ParseQuery`: pairs with `;` or a broken escape are dropped, `y` means `y=`. */
export function parseQuery(rawQuery: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const pair of rawQuery.split("&")) {
    if (pair === "" || pair.includes(";")) continue;
    const equals = pair.indexOf("=");
    const name = unescapeForm(equals < 0 ? pair : pair.slice(0, equals));
    const value = unescapeForm(equals < 0 ? "" : pair.slice(equals + 1));
    if (name === undefined || value === undefined) continue;
    const present = values.get(name);
    if (present === undefined) values.set(name, [value]);
    else present.push(value);
  }
  return values;
}

/** Takes a parameter out of the query behind a path, however it is escaped; every other byte stays. */
export function withoutParameter(path: string, name: string): string {
  const question = path.indexOf("?");
  if (question < 0) return path;
  const pairs = path.slice(question + 1).split("&");
  const kept = pairs.filter((pair) => unescapeForm(pair.split("=", 1)[0] ?? "") !== name);
  if (kept.length === pairs.length) return path;
  return kept.length === 0 ? path.slice(0, question) : `${path.slice(0, question)}?${kept.join("&")}`;
}

/** As Go's `url.Values.Encode`. */
export function encodeForm(values: Iterable<QueryAddition>): string {
  return [...values]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .flatMap(([name, all]) => all.map((value) => `${escapeForm(name)}=${escapeForm(value)}`))
    .join("&");
}

const brokenEscape = /%(?![0-9A-Fa-f]{2})/;

/** As Go's `url.QueryUnescape`; undefined for a broken escape. */
export function unescapeForm(text: string): string | undefined {
  if (brokenEscape.test(text)) return undefined;
  return text
    .replaceAll("+", " ")
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** As Go's `url.QueryEscape`, for a byte string. */
export function escapeForm(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9\-_.~]/g, (byte) =>
    byte === " " ? "+" : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
