const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/**
 * Completes the last of some raw headers: one without a value has had no piece of it, and the parser leaves the white space
 * behind a value in it, which is no part of it (RFC 9112, 5).
 */
export function endField(headers: string[]): void {
  if (headers.length === 0) return;
  if (headers.length % 2 === 1) {
    headers.push("");
    return;
  }
  const value = headers[headers.length - 1] as string;
  const trimmed = withoutTail(value);
  if (trimmed.length < value.length) headers[headers.length - 1] = trimmed;
}

/** A value without the white space behind it. */
export function withoutTail(value: string): string {
  let end = value.length;
  while (end > 0 && isBlank(value.charCodeAt(end - 1))) end--;
  return end < value.length ? value.slice(0, end) : value;
}
