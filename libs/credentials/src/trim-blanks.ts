/**
 * The value of a header without the spaces and tabs around it (RFC 9110, 5.5). A loop, because a regular expression would look
 * at a run of them again and again, and no `trim`, which takes the last byte of `à` for a space in a byte string.
 */
export function trimBlanks(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value.charCodeAt(start))) start++;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;
