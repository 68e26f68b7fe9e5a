/** The content type of the legacy shape, in upstream's spelling. */
export const legacyContentType = "application/json;charset=UTF-8";

/** The legacy error body, byte for byte as Go's `json.Encoder` writes it, with its line end. */
export function legacyJson(status: number, text: string): string {
  return `{"code":${status},"error":${goString(text)}}\n`;
}

const escapes: Record<string, string> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** A JSON string as Go's `encoding/json` writes it: safe inside HTML, what is no valid Unicode as `\ufffd`. */
export function goString(text: string): string {
  // With the u flag, only surrogates without their other half match.
  const valid = text.split(/\p{Surrogate}/u).map((part) => JSON.stringify(part).slice(1, -1));
  return `"${valid.join("\\ufffd").replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? character)}"`;
}
