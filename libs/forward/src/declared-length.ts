/** The number that a `Content-Length` declares, which the parser has seen to be digits; NaN for what is no number. */
export function declaredLength(value: string): number {
  let length = 0;
  for (let i = 0; i < value.length; i += 1) {
    const digit = value.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return Number(value);
    length = length * 10 + digit;
  }
  return length;
}
