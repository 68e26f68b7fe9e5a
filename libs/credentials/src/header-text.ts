import { toByteString } from "./query.ts";
import { invalid, requiredText, type Secret } from "./secret.ts";
import { trimBlanks } from "./trim-blanks.ts";

const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these bytes may not be in a header value
const forbiddenInValue = /[\x00-\x08\x0a-\x1f\x7f]/;

/** These describe the connection or the framing; a Secret has no say in them. */
const ofTheConnection = new Set([
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

/** Whether a header may have this name. */
export function isHeaderName(text: string): boolean {
  return headerName.test(text);
}

/** Whether a header may have this value, given as a byte string. */
export function isHeaderValue(bytes: string): boolean {
  return !forbiddenInValue.test(bytes);
}

/** Whether a header is one that no Secret can set. */
export function isOfTheConnection(lowerName: string): boolean {
  return ofTheConnection.has(lowerName);
}

/** The value of a key that goes into a header: not empty, and without what would end the header. As a byte string. */
export function headerText(secret: Secret, key: string): string {
  const text = toByteString(requiredText(secret, key));
  if (/[\r\n]$/.test(text)) throw invalid(secret, key, "it ends with a line break; store the value without it");
  if (!isHeaderValue(text) || trimBlanks(text) !== text) throw invalid(secret, key, "no header can have it");
  return text;
}
