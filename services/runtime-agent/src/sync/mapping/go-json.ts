import type { Parameters } from "@application-connector/ucl";

const escapes: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Lists of texts by name as Go writes them: names in the order of their bytes, no blanks, and escapes for whatever could
 * end a script. Secrets that an agent before wrote would change otherwise.
 */
export function goJson(lists: Parameters): string {
  const names = Object.keys(lists).map((name) => ({ name, bytes: Buffer.from(name) }));
  names.sort((one, other) => Buffer.compare(one.bytes, other.bytes));
  return `{${names.map(({ name }) => `${quoted(name)}:${listText(lists[name] ?? null)}`).join(",")}}`;
}

const listText = (list: readonly string[] | null): string =>
  list === null ? "null" : `[${list.map(quoted).join(",")}]`;

function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped
  const escaped = text.toWellFormed().replace(/["\\<>&\u0000-\u001f\u2028\u2029]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return escapes[character] ?? `\\u${code}`;
  });
  return `"${escaped}"`;
}
