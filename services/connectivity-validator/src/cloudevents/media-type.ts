/** Letters of a token (RFC 9110, section 5.6.2). */
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const mediaType = new RegExp(`^${token}/${token}[\\t ]*(?:;.*)?$`);
const parameter = /;[\t ]*([^\s;=]+)[\t ]*=[\t ]*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g;

export const isMediaType = (text: string): boolean => mediaType.test(text);

/** Type and subtype, in lower case, without parameters. */
export function essenceOf(contentType: string): string {
  const end = contentType.indexOf(";");
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/** Whether the text is UTF-8, as far as its parameters say. However they are spelled and spaced. */
export function isUtf8Charset(contentType: string): boolean {
  for (const [, name, quoted, bare] of contentType.matchAll(parameter)) {
    if (name?.toLowerCase() !== "charset") continue;
    const charset = (quoted ?? bare ?? "").toLowerCase();
    if (charset !== "utf-8" && charset !== "utf8") return false;
  }
  return true;
}
