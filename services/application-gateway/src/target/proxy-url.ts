/** A forward proxy as its origin, or that there is none. Undefined for what is neither; a password has no place here. */
export function parseProxyUrl(text: string): string | undefined {
  if (text === "none") return text;
  if (!/^https?:\/\/[^/?#\\@]+\/?$/i.test(text)) return undefined;
  const url = URL.parse(text);
  return url === null || url.hostname === "" ? undefined : url.origin;
}
