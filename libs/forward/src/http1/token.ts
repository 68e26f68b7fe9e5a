const isTokenCode = new Uint8Array(128);
for (const code of Buffer.from("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
  isTokenCode[code] = 1;
}

/** Whether a text is a token (RFC 9110, 5.6.2), as the names of fields are. */
export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (isTokenCode[text.charCodeAt(i)] !== 1) return false;
  return text !== "";
}
