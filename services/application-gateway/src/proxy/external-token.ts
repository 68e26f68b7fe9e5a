/** The first `Access-Token`, with which a caller takes the place of the configured method; an empty one counts not. */
export function externalToken(headers: readonly string[]): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === 12 && name.toLowerCase() === "access-token") return headers[i + 1] || undefined;
  }
  return undefined;
}
